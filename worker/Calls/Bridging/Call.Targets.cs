using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Bridging;

/// <summary>Whom a transfer rings, until one of them has answered or none will.</summary>
internal sealed partial class Call
{
    private ValueTask TakeTargetNewsAsync(Transfer transfer, Leg leg, LegNews news) => news switch
    {
        _ when leg.IsOver => ValueTask.CompletedTask,
        LegNews.Ringing => TargetRingsAsync(transfer, leg),
        LegNews.EarlyMedia early => ListenToTarget(transfer, leg, early.Answer),
        LegNews.Answered answered => TargetAskedToAnswerAsync(transfer, leg, answered),
        LegNews.ReofferAccepted accepted => TargetAnsweredAsync(transfer, leg, accepted.Answer),
        LegNews.ReofferRefused { Status: RequestPending } => ValueTask.CompletedTask, // It is asked again when it may be.
        LegNews.ReofferRefused refused => TargetFailedAsync(transfer, leg, refused.Status),
        LegNews.MayReoffer => AskTargetAgainAsync(transfer, leg),
        LegNews.Failed failed => TargetFailedAsync(transfer, leg, failed.Status, failed.Target),
        LegNews.HungUp => TargetFailedAsync(transfer, leg, 0),
        _ => ValueTask.CompletedTask,
    };

    private ValueTask TargetRingsAsync(Transfer transfer, Leg leg)
    {
        if (leg.RingingAt is not null) return ValueTask.CompletedTask;
        leg.RingingAt = Now;
        transfer.Referral?.Progress(180);
        Show();
        return _record.TellAsync(CallEventType.LegRinging, Now, leg);
    }

    private ValueTask AskTargetAgainAsync(Transfer transfer, Leg leg)
    {
        transfer.Audio?.Refused();
        if (transfer.Audio is { } audio) leg.Reoffer(audio.FirstOffer(Other(transfer.Transferor).Audio!.CodecsToDial()).For(leg.Srtp, leg.Family));
        return ValueTask.CompletedTask;
    }

    private async ValueTask TargetAnsweredAsync(Transfer transfer, Leg leg, ReadOnlyMemory<byte> answer)
    {
        if (transfer.Audio is { } audio && audio.Accept(answer.Span, leg is AdoptedLeg ? null : leg.Srtp) != OfferVerdict.Ok)
        {
            await TargetFailedAsync(transfer, leg, NotAcceptableHere);
            return;
        }
        await TakeTargetAsync(transfer, leg);
    }

    private async ValueTask TakeTargetAsync(Transfer transfer, Leg leg)
    {
        leg.AnsweredAt = Now;
        leg.SipStatus = 200;
        transfer.Winner = leg;
        await _record.TellAsync(CallEventType.LegAnswered, Now, leg);
        await EndTargetsAsync(transfer, HangUpReason.AnsweredElsewhere);
        await TalkAsync(transfer.Transferor, TalkInput.TargetAnswers);
    }

    private ValueTask TargetFailedAsync(Transfer transfer, Leg leg, int status, SipUri? target = null)
    {
        leg.SipStatus = status == 0 ? null : status;
        ReportServer(leg, status);
        HeedRedirect(leg, status, target);
        return TargetRefusesAsync(transfer, leg, status);
    }

    private async ValueTask TargetRefusesAsync(Transfer transfer, Leg leg, int status)
    {
        leg.Verdict = status;
        leg.Reason = CallEndings.OfDestination(status).Reason;
        leg.End(0, new HangUpReason(status == 0 ? 503 : status, leg.Reason));
        await OverAsync(leg);
        // RFC 3261 section 16.7: a 6xx speaks for the person, not for the device.
        if (status >= 600) await EndTargetsAsync(transfer, new HangUpReason(status, leg.Reason));
        if (leg.RingingAt is null && transfer.Early is null && TrunkHunt.IsWorthAnother(status)
            && (leg.Redirection is { } sent ? NextRedirectedLeg(leg, sent) : NextTrunkTarget(transfer)) is { } another)
            AddTarget(transfer, another);
        else if (transfer.Targets.TrueForAll(other => other.IsOver))
            await FailTransferAsync(transfer, ForkVerdict.Best(transfer.Targets.Select(other => other.Verdict)));
        else if (transfer.Early == leg)
        {
            transfer.Early = null;
            await TalkAsync(transfer.Transferor, TalkInput.TargetHushes);
        }
    }

    // As before the answer of a call: of several the first is heard, and ringback until its packets come.
    private static ValueTask ListenToTarget(Transfer transfer, Leg leg, ReadOnlyMemory<byte> answer)
    {
        if ((transfer.Early is null || transfer.Early == leg) && transfer.Audio?.Accept(answer.Span, leg.Srtp) == OfferVerdict.Ok) transfer.Early = leg;
        return ValueTask.CompletedTask;
    }

    private async ValueTask TargetSoundsAsync(Transfer transfer)
    {
        var (target, stays) = (transfer.Audio!, Other(transfer.Transferor).Audio);
        if (transfer is not { Winner: null, Early: not null } || stays is null) return;
        if (target.IsHeardBy(stays) || (_services.Media.Transcodes && target.CanTranscode && stays.CanTranscode))
            await TalkAsync(transfer.Transferor, TalkInput.TargetSounds);
    }

    private async ValueTask TargetTimedOutAsync()
    {
        if (_transfer is { Winner: null } transfer) await FailTransferAsync(transfer, transfer.Targets.Count == 0 ? 503 : 408);
    }
}
