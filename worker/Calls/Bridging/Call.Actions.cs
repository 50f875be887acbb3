using ClickToDial.Calls.Control;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Bridging;

/// <summary>What the machine asks for, done.</summary>
internal sealed partial class Call
{
    private Leg? _earlyLeg;

    private async ValueTask PerformAsync(CallActions actions, Leg? subject, CallOutcome? outcome)
    {
        if (actions.HasFlag(CallActions.StopTimer)) _services.Clock.Disarm(_deadline);
        if (actions.HasFlag(CallActions.StopSound)) StopSound(_first);
        if (actions.HasFlag(CallActions.TellRinging)) await _record.TellAsync(CallEventType.LegRinging, Now, subject);
        if (actions.HasFlag(CallActions.TellAnswered)) await _record.TellAsync(CallEventType.LegAnswered, Now, subject);
        if (actions.HasFlag(CallActions.CancelOtherDevices)) await EndOthersAsync(subject!, HangUpReason.AnsweredElsewhere);
        if (actions.HasFlag(CallActions.TellConfirmed)) await _record.TellAsync(CallEventType.CallConfirmed, Now, subject);
        if (actions.HasFlag(CallActions.StartPrompt)) StartPrompt();
        if (actions.HasFlag(CallActions.TellPrompting)) await _record.TellAsync(CallEventType.CallPrompting, Now, subject);
        if (actions.HasFlag(CallActions.RingUser)) RingUser();
        if (actions.HasFlag(CallActions.Dial)) Dial();
        if (actions.HasFlag(CallActions.StartRingback)) StartRingback();
        if (actions.HasFlag(CallActions.OpenEarlyMedia)) OpenEarlyMedia();
        if (actions.HasFlag(CallActions.Align)) Align();
        if (actions.HasFlag(CallActions.Bridge)) Bridge();
        if (actions.HasFlag(CallActions.TellConnected)) await ConnectAsync();
        if (actions.HasFlag(CallActions.AnnounceFailure)) await AnnounceFailureAsync(outcome!);
        if (actions.HasFlag(CallActions.TellEnded)) await EndAsync(outcome!);
    }

    private void RingUser()
    {
        if (_services.Directory.Current is not { } directory || directory.RouteTo(_plan.Domain, _plan.Destination) == Directory.Route.None)
            Stop(new CallOutcome(CallResult.Failed, CallReasons.NoRoute));
        else if (!_services.Legs.CanReach(_plan.Domain, _plan.User))
            Stop(new CallOutcome(CallResult.Failed, CallReasons.UserNotRegistered));
        else if ((_first.Audio = OpenAudio(beside: null)) is null)
            Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCapacity));
        else
        {
            // P4: the devices show whom the call will reach.
            var caller = new Caller(_plan.Shown, DisplayName: null);
            var offer = _first.Audio.FirstOffer(OfferedCodecs.For(_plan.Prompt, inside: _plan.Direction == CallDirection.Internal));
            Start(_services.Legs.ToDevices(this, _first.Role, _plan.Domain, _plan.User, caller, offer, firstId: 1, _plan.AutoAnswer));
        }
    }

    private void Dial()
    {
        if (_dialling is not null && !PrepareDialling()) return;
        switch (_plan.Route ?? _services.Directory.Current?.RouteTo(_plan.Domain, _plan.Destination))
        {
            case Directory.Route.ToTest test:
                Start([new TestLeg(NextId(), this, test.Number)]);
                break;
            case Directory.Route.ToUser user when !_services.Legs.CanReach(_plan.Domain, user.User.Name):
                Stop(new CallOutcome(CallResult.Failed, _plan.Inbound is null ? CallReasons.DestinationUnreachable : CallReasons.UserNotRegistered));
                break;
            case Directory.Route.ToUser user when OfferToDestination() is { } offer:
                Start(_services.Legs.ToDevices(
                    this, _second.Role, _plan.Domain, user.User.Name, CallerInside(), offer, _legs.Count + 1, headers: _plan.Headers));
                break;
            case Directory.Route.ToTrunk route:
                DialTrunks(route.Trunks);
                break;
            case Directory.Route.ToUser:
                Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCapacity));
                break;
            default:
                Stop(new CallOutcome(CallResult.Failed, CallReasons.NoRoute));
                break;
        }
    }

    private void Start(IReadOnlyList<Leg> legs)
    {
        if (legs.Count == 0)
        {
            // They went away between the question and now.
            Post(_phase == CallPhase.RingingUser ? CallInput.UserFailed : CallInput.DestinationFailed);
            return;
        }
        _services.Clock.Arm(
            _deadline, _plan.RingTimeout, _phase == CallPhase.RingingUser ? CallInput.UserRingTimeout : CallInput.DestinationRingTimeout);
        Ring(legs);
    }

    private void Ring(IReadOnlyList<Leg> legs)
    {
        _legs.AddRange(legs);
        foreach (var leg in legs) leg.Start();
    }

    // By the mailbox, so that one step ends before the next begins.
    private void Stop(CallOutcome why) => Post(CallInput.Impossible, why);

    private string NextId() => Leg.IdOf(_legs.Count + 1);

    private Caller CallerInside()
    {
        if (_plan.Inbound is { } inbound) return inbound.Caller.Shown;
        var user = _services.Directory.Current?.FindUser(_plan.Domain, _plan.User);
        return new Caller(_plan.CallerId ?? _plan.User, user?.DisplayName);
    }

    private async ValueTask ConnectAsync()
    {
        await _record.ConnectAsync(Now);
        if (_services.Directory.Current?.Records(_plan.Domain, _plan.User) ?? false) await RecordByPolicyAsync();
        // Who answered on hold, or went on hold before, is known as such only now.
        await NoteDirectionAsync(_first);
        await NoteDirectionAsync(_second);
    }

    // Whoever must have a recording learns that there is none.
    private async ValueTask RecordByPolicyAsync()
    {
        if (await StartRecordingAsync() == OrderVerdict.Done) return;
        await _record.TellAsync(CallEventType.RecordingStopped, Now, new RecordingSummary($"rec-{_recordings}", Problem: "recording-unavailable"));
    }

    private async ValueTask EndAsync(CallOutcome outcome)
    {
        var reason = _isElsewhere ? HangUpReason.AnsweredElsewhere : HangUpReason.Of(outcome) with { Given = _said };
        foreach (var leg in _legs.Where(leg => !leg.IsOver)) leg.End(StatusForCaller(outcome), reason);
        await TurnComersAwayAsync(reason);
        if (_transfer is { } transfer)
        {
            EndTransfer(transfer, 487);
            if (transfer.Audio is { } audio) await audio.CloseAsync();
        }
        await EndRecordingAsync();
        await CloseAudioAsync();
        foreach (var leg in _legs)
        {
            if (leg.IsTold) continue;
            leg.Reason ??= outcome.Reason;
            await OverAsync(leg);
        }
        LegSummary[] legs = [.. _legs.Select(leg => leg.Summary())];
        var now = Now;
        _record.ShowEnd(now, outcome, legs);
        await _record.EndAsync(now, outcome, legs, _goneTo is { } other ? new TransferSummary(OtherCall: other) : null);
        CallLog.Ended(_services.Logger, Id, outcome.Result, outcome.Reason);
    }

    // After a defect nothing that could throw again is asked for twice: the legs, then the terminal event.
    private async ValueTask GiveUpAsync()
    {
        if (_phase == CallPhase.Ended && _record.Snapshot.State == CallState.Ended) return;
        _phase = CallPhase.Ended;
        _services.Clock.Disarm(_deadline);
        await EndAsync(new CallOutcome(_record.IsConnected ? CallResult.Answered : CallResult.Failed, CallReasons.InternalError));
    }

    // What the far end said of itself is passed on. What it said to us, about accounts, targets or our request, is not the
    // caller's to act on.
    private static int StatusForCaller(CallOutcome outcome) => outcome switch
    {
        { SipStatus: >= 300 and < 400 } => 480,
        { SipStatus: 403 or 404 or 408 or 410 or 480 or 482 or (>= 484 and <= 488) or (>= 500 and < 700) } => outcome.SipStatus.Value,
        { Reason: CallReasons.NoRoute } => 404,
        { Reason: CallReasons.UserNotRegistered } => 480,
        { Reason: CallReasons.NoCommonCodec } => 488,
        { Result: CallResult.NoAnswer } => 480,
        { Result: CallResult.Cancelled } => 487,
        _ => 503,
    };
}
