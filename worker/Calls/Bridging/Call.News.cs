using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Bridging;

/// <summary>From what legs and media tell to inputs of the machine.</summary>
internal sealed partial class Call
{
    private const int NotAcceptableHere = 488;
    private const int RequestPending = 491;
    private const int RequestTerminated = 487;

    // A phone that sends its keys both ways sends both at once; the one by INFO may be repeated on its way.
    private static readonly TimeSpan SamePress = TimeSpan.FromMilliseconds(500);

    private ValueTask TakeNewsAsync(Leg leg, LegNews news) => news switch
    {
        LegNews.Reoffered reoffered => AskedToReofferAsync(leg, reoffered.Request),
        LegNews.Referred referred => ReferredAsync(leg, referred.Request),
        LegNews.TakesTalk => NoteTakesTalk(leg),
        _ when !_legs.Contains(leg) => TakeComersNewsAsync(leg, news),
        LegNews.Failed failed when SendsOn(leg, failed) => SentOnAsync(leg, failed),
        _ when _transfer is { Winner: null } transfer && transfer.Targets.Contains(leg) => TakeTargetNewsAsync(transfer, leg, news),
        // A leg that we have ended still tells how its peer took it; that is nobody's news any more.
        _ when leg.IsOver => ValueTask.CompletedTask,
        LegNews.Ringing => RingingAsync(leg),
        LegNews.EarlyMedia early => EarlyMediaAsync(leg, early.Answer),
        LegNews.Answered answered => AskedToAnswerAsync(leg, answered),
        LegNews.Failed failed => FailedAsync(leg, failed.Status, failed.Cause, failed.Target),
        LegNews.HungUp hungUp => HungUpAsync(leg, hungUp),
        LegNews.Digit digit => AskedForDigitAsync(leg, digit),
        LegNews.ReofferAccepted accepted => ReofferAcceptedAsync(leg, accepted),
        LegNews.ReofferRefused refused => ReofferRefusedAsync(leg, refused.Status),
        LegNews.MayReoffer => MayReofferAsync(leg),
        _ => ValueTask.CompletedTask,
    };

    private static ValueTask NoteTakesTalk(Leg leg)
    {
        leg.TakesTalk = leg.Device is not null;
        return ValueTask.CompletedTask;
    }

    private ValueTask MayReofferAsync(Leg leg)
    {
        MayReoffer(SideOf(leg));
        return ValueTask.CompletedTask;
    }

    private ValueTask TakeMediaAsync(MediaEvent media) => media switch
    {
        DigitPressed pressed when SideOf(pressed.Leg) is { } side => PressedAsync(side, pressed.Digit),
        MediaStarted started when started.Leg == _second.Audio?.Leg => EarlySoundAsync(),
        MediaStarted started when _transfer is { } transfer && started.Leg == transfer.Audio?.Leg => TargetSoundsAsync(transfer),
        PromptFinished finished => PromptFinishedAsync(finished),
        MediaSilent when !IsHeld => FallSilentAsync(),
        PathLost lost => PathLostAsync(lost),
        _ => ValueTask.CompletedTask,
    };

    // A browser that is gone says nothing, also while it is held; one with another certificate than it announced is somebody else, and
    // with one whose handshake fails there is no talking. Each is as good as hung up, wherever the call is by then.
    private async ValueTask PathLostAsync(PathLost lost)
    {
        CallLog.PathLost(_services.Logger, Id, lost.Fault);
        _services.Media.Metrics.CountLostPath(lost.Fault);
        var reason = lost.Fault == PathFault.Consent ? CallReasons.MediaTimeout : CallReasons.MediaEncryptionFailed;
        if (_transfer is { Winner: null } transfer && lost.Leg == transfer.Audio?.Leg) await FailTransferAsync(transfer, 503, reason);
        // The sound of a transferor that has left stays open until its place was taken.
        if (SideOf(lost.Leg) is not { } side || side.Leg is { IsOver: true }) return;
        var talks = _phase == CallPhase.Talking;
        if (talks && lost.Fault == PathFault.Consent && _transfer?.Transferor != side) _services.Media.Metrics.CountDeadCall();
        var why = new CallOutcome(talks ? CallResult.Answered : CallResult.Failed, reason);
        if (talks && side.Leg is { } leg)
        {
            leg.End(0, HangUpReason.Of(why));
            await LeaveAsync(leg, new LegNews.HungUp(reason));
        }
        else if (side == _second && _phase == CallPhase.Dialling) await LoseEarlyAsync(why);
        else await StepAsync(side == _first ? CallInput.UserHungUp : CallInput.DestinationHungUp, why: why);
    }

    // Who sent sound before its answer will not be heard when it answers. Others may still ring.
    private async ValueTask LoseEarlyAsync(CallOutcome why)
    {
        if (_earlyLeg is not { IsOver: false } early) return;
        early.End(0, HangUpReason.Of(why));
        await RefusesAsync(early, status: 0, why);
    }

    private ValueTask FallSilentAsync()
    {
        if (_phase == CallPhase.Talking) _services.Media.Metrics.CountDeadCall();
        return StepAsync(CallInput.MediaTimeout);
    }

    // Ringback sounds until the far end's own sound takes its place: some send SDP with 183 and then nothing.
    private ValueTask EarlySoundAsync()
    {
        if (_phase != CallPhase.Dialling || _earlyLeg is null || _earlySound) return ValueTask.CompletedTask;
        _earlySound = true;
        StopSound(_first);
        return ValueTask.CompletedTask;
    }

    private ValueTask RingingAsync(Leg leg)
    {
        if (leg.RingingAt is not null) return ValueTask.CompletedTask;
        leg.RingingAt = Now;
        return StepAsync(SideOf(leg) == _first ? CallInput.UserRinging : CallInput.DestinationRinging, leg);
    }

    private ValueTask EarlyMediaAsync(Leg leg, ReadOnlyMemory<byte> answer)
    {
        // Several branches may send sound; the first one is heard until one of them answers.
        if (SideOf(leg) == _first || _phase != CallPhase.Dialling || (_earlyLeg is not null && _earlyLeg != leg)) return ValueTask.CompletedTask;
        if (_second.Audio!.Accept(answer.Span, leg.Srtp) != OfferVerdict.Ok) return ValueTask.CompletedTask;
        if (_earlyLeg is not null) return ValueTask.CompletedTask;
        _earlyLeg = leg;
        return StepAsync(CallInput.DestinationEarlyMedia, leg);
    }

    private ValueTask AnsweredAsync(Leg leg, LegNews.Answered answered)
    {
        var side = SideOf(leg);
        var expected = side == _first ? CallPhase.RingingUser : CallPhase.Dialling;
        if (_phase != expected) return LoseAsync(leg); // Two answered at once: this one came second.
        if (side.Audio is { } audio && !(answered.Settled && leg == _earlyLeg) && audio.Accept(answered.Answer.Span, leg.Srtp) != OfferVerdict.Ok)
        {
            leg.End(0, new HangUpReason(NotAcceptableHere, CallReasons.NoCommonCodec));
            return FailedAsync(leg, NotAcceptableHere);
        }
        leg.AnsweredAt = Now;
        leg.SipStatus = 200;
        side.Leg = leg;
        return StepAsync(side == _first ? CallInput.UserAnswered : CallInput.DestinationAnswered, leg);
    }

    private ValueTask FailedAsync(Leg leg, int said, int? cause = null, SipUri? target = null)
    {
        leg.SipStatus = said == 0 ? null : said;
        ReportServer(leg, said);
        HeedRedirect(leg, said, target);
        return RefusesAsync(leg, Q850.Refine(said, cause));
    }

    private async ValueTask RefusesAsync(Leg leg, int status, CallOutcome? why = null)
    {
        leg.Verdict = status;
        leg.Reason = (why ?? (leg.Role == LegRole.User ? CallEndings.OfUser(status) : CallEndings.OfDestination(status))).Reason;
        await OverAsync(leg);
        // RFC 3261 section 16.7: a 6xx speaks for the person, not for the device.
        if (status >= 600) await EndOthersAsync(leg, new HangUpReason(status, leg.Reason));
        if (TriesAnotherTrunk(leg, status)) return;
        if (_legs.Exists(other => other.Role == leg.Role && !other.IsOver)) return;
        await StepAsync(
            SideOf(leg) == _first ? CallInput.UserFailed : CallInput.DestinationFailed,
            leg,
            ForkVerdict.Best(_legs.Where(other => other.Role == leg.Role).Select(other => other.Verdict)),
            why);
    }

    private GivenReason? _said;

    private async ValueTask HungUpAsync(Leg leg, LegNews.HungUp why)
    {
        _isElsewhere |= why.IsElsewhere;
        TellOfAct(leg, BrowserActKind.HangUp);
        // While its answer is being asked about: it is as if it had not answered.
        if (IsRinging(leg)) await FailedAsync(leg, RequestTerminated);
        else await LeaveAsync(leg, why);
    }

    private async ValueTask LeaveAsync(Leg leg, LegNews.HungUp why)
    {
        leg.Reason = why.Reason ?? leg.Role switch
        {
            LegRole.User => CallReasons.UserHungUp,
            LegRole.Caller => CallReasons.CallerHungUp,
            _ => CallReasons.DestinationHungUp,
        };
        leg.EndedAt = Now;
        // With a transfer under way the call waits for the target without the transferor.
        var left = leg == SideOf(leg).Leg ? await StepTalkAsync(SideOf(leg), TalkInput.Leaves) : default;
        if (left.Verdict == TalkVerdict.Done && left.Do == TalkActions.None && _phase == CallPhase.Talking) return;
        var outcome = why.Reason is null ? null : new CallOutcome(_phase == CallPhase.Talking ? CallResult.Answered : CallResult.Failed, why.Reason);
        var input = SideOf(leg) == _first ? CallInput.UserHungUp : CallInput.DestinationHungUp;
        if (CallMachine.Ends(_phase, input)) _said = why.Said;
        await StepAsync(input, leg, why: outcome);
    }

    // A key by INFO. Who sends keys beside its sound as well, as some phones do, would press each of them twice.
    private ValueTask DigitAsync(Side from, LegNews.Digit digit)
    {
        var key = digit.Key;
        if (from.Presses) return ValueTask.CompletedTask;
        from.LastByInfo = (key, Now);
        if (_phase != CallPhase.Talking) return from == _first ? ConfirmAsync(key) : ValueTask.CompletedTask;
        if (!Reaches(from)) return ValueTask.CompletedTask;
        var far = Other(from);
        if (far.Audio is { Leg: { CanSendDigits: true } leg } && from.Audio is { Leg: var pressedOn }) leg.PassOnKey(pressedOn, key, digit.Milliseconds);
        else if (far.Audio?.Leg.CanSendDigits ?? false) far.Audio.Leg.SendDigits(key.ToString(), digit.Milliseconds);
        else far.Leg?.SendKey(key, digit.Milliseconds);
        return ValueTask.CompletedTask;
    }

    // A key by RFC 4733. The relay carries it to the other end by itself, where that takes such keys.
    private ValueTask PressedAsync(Side from, char key)
    {
        TellOfAct(from.Leg, BrowserActKind.SendDtmf, key);
        var again = !from.Presses && from.LastByInfo is { } last && last.Key == key && Now - last.At < SamePress;
        from.Presses = true;
        if (again) return ValueTask.CompletedTask; // Its first key, which came by INFO a moment before.
        var far = Other(from);
        if (_phase == CallPhase.Talking && Reaches(from) && far.Audio is { Leg.CanSendDigits: false }) far.Leg?.SendKey(key);
        return from == _first ? ConfirmAsync(key) : ValueTask.CompletedTask;
    }

    // Whom the other does not hear, its keys do not reach either.
    private bool Reaches(Side from) => TalkSound.Of(_talk, Other(from).Place) == Hears.Other;

    private ValueTask ConfirmAsync(char key) => key == '1' ? StepAsync(CallInput.Confirmed, _first.Leg) : ValueTask.CompletedTask;

    private ValueTask LoseAsync(Leg leg)
    {
        leg.End(0, HangUpReason.AnsweredElsewhere);
        return OverAsync(leg);
    }

    private ValueTask OverAsync(Leg leg)
    {
        leg.EndedAt ??= Now;
        leg.IsTold = true;
        return _record.TellAsync(CallEventType.LegEnded, leg.EndedAt.Value, leg);
    }

    private async ValueTask EndOthersAsync(Leg winner, HangUpReason reason)
    {
        foreach (var leg in _legs)
        {
            if (leg == winner || leg.Role != winner.Role || leg.IsOver) continue;
            leg.End(0, reason);
            await OverAsync(leg);
        }
    }
}
