using System.Globalization;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// How a leg comes in from elsewhere: out of another call, which then is over, or by a call of its own that names whom it
/// replaces. Calls ask each other by their mailboxes; each tells its own events.
/// </summary>
internal sealed partial class Call
{
    // Between two loops of this process, and then a re-INVITE.
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(15);

    private CallId? _goneTo;
    private int _comers;

    /// <summary>An id for the leg of a device that calls to stand in another's place. From any thread.</summary>
    public string NextComerId() => string.Create(CultureInfo.InvariantCulture, $"leg-r{Interlocked.Increment(ref _comers)}");

    private async ValueTask<OrderVerdict> JoinAsync(CallOrder.Join order, Call? other)
    {
        if (FindSide(order.Leg ?? UserRole) is not { } side) return OrderVerdict.NoSuchLeg;
        if (_transfer is { } now && now.Transferor == side && now.OtherCall == order.WithCall) return OrderVerdict.Done;
        if (other is null || other == this || other.Domain != Domain) return OrderVerdict.TargetUnreachable;
        var transfer = new Transfer(side) { OtherCall = other.Id };
        var verdict = await BeginAsync(transfer, TalkInput.JoinBegins);
        if (verdict == OrderVerdict.Done) Fetch(transfer, other, leaving: null, order.WithLeg ?? UserRole);
        return verdict;
    }

    private void Fetch(Transfer transfer, Call other, Leg? leaving, string? name)
    {
        _services.Clock.Arm(_targetDeadline, FetchLimit, default);
        transfer.OtherCall = other.Id;
        other.Ask(new CallRequest.GiveLeg(this, transfer, leaving, name));
    }

    // The leg is not ended but goes on elsewhere; all else here is.
    private async ValueTask GiveLegAsync(CallRequest.GiveLeg request)
    {
        var side = request.Leaving is { } leaving ? SideOf(leaving) : FindSide(request.Name!);
        if (_phase != CallPhase.Talking || _transfer is not null || side is null || (request.Leaving is { } there && side.Leg != there)
            || Other(side).Leg is not SipLeg { IsOver: false } given)
        {
            request.Refuse();
            return;
        }
        var sound = Other(side).Audio;
        var letGo = new GivenLeg(given, sound?.Established ?? Media.Srtp.SrtpUse.None, given.Place, sound?.GiveBrowser());
        given.Place = null;
        given.Reason = CallReasons.Transferred;
        given.EndedAt = Now;
        _goneTo = request.Asker.Id;
        await StepAsync(CallInput.Impossible, why: new CallOutcome(CallResult.Answered, CallReasons.Transferred));
        request.Asker.Ask(new CallRequest.LegGiven(request.Transfer, letGo));
    }

    private async ValueTask TakeLegAsync(CallRequest.LegGiven given)
    {
        if (_phase != CallPhase.Talking || _transfer != given.Transfer) given.Refuse();
        else if (OpenAudio(Other(given.Transfer.Transferor).Audio) is not { } audio)
        {
            given.Refuse();
            await FailTransferAsync(given.Transfer, 503);
        }
        else
        {
            var transfer = given.Transfer;
            transfer.Audio = audio;
            if (given.Given.Browser is { } browser) audio.TakeBrowser(browser);
            var offer = audio.FirstOffer(Other(transfer.Transferor).Audio!.CodecsToDial());
            AddTarget(transfer, _services.Legs.Adopt(this, transfer.Transferor.Role, given.Given, offer, _legs.Count + 1));
        }
    }

    private async ValueTask TakePlaceAsync(CallRequest.TakePlace request)
    {
        var (replaced, comer) = (request.Replaced, request.Comer);
        var side = SideOf(replaced);
        if (IsRinging(replaced)) await PickUpAsync(replaced, comer);
        // RFC 3891 section 3: it was answered, and whoever calls wants it only while it rings.
        else if (request.EarlyOnly) comer.End(486, new HangUpReason(486, CallReasons.Transferred));
        else if (side.Leg != replaced || replaced.IsOver || _phase != CallPhase.Talking || Obstacle(new Transfer(side)) is not null) request.Refuse();
        else if (OpenAudio(Other(side).Audio, comer.Family) is not { } audio) comer.End(503, new HangUpReason(503, CallReasons.NoCapacity));
        else if (audio.Answer(comer.Offer.Span, Other(side).Audio!.CodecsToOffer(), MediaDirection.SendRecv, comer.Srtp, out var answer) != OfferVerdict.Ok)
        {
            await audio.CloseAsync();
            comer.End(NotAcceptableHere, new HangUpReason(NotAcceptableHere, CallReasons.NoCommonCodec));
        }
        else
        {
            Admit(comer, replaced, answer);
            _transfer = new Transfer(side) { Audio = audio, Winner = comer };
            await TalkAsync(side, TalkInput.JoinBegins);
            await _record.TellAsync(CallEventType.LegAnswered, Now, comer);
            await TalkAsync(side, TalkInput.TargetAnswers);
        }
    }

    private void Admit(IncomingLeg comer, Leg replaced, byte[] answer)
    {
        comer.Replaces = replaced.Id;
        comer.AnsweredAt = Now;
        comer.SipStatus = 200;
        _legs.Add(comer);
        comer.Accept(answer);
    }

    // RFC 3891 section 3: who is rung by us may be replaced, and is cancelled then. It is as if the comer had been rung and had answered.
    private bool IsRinging(Leg leg) => leg is { IsOver: false, AnsweredAt: null }
        && (IsTarget(leg) || (SideOf(leg) == _first ? _phase == CallPhase.RingingUser : _phase == CallPhase.Dialling));

    private bool IsTarget(Leg leg) => _transfer is { Winner: null } transfer && transfer.Targets.Contains(leg);

    private async ValueTask PickUpAsync(Leg replaced, IncomingLeg comer)
    {
        var other = Other(SideOf(replaced)).Audio;
        // Ports of its own, as those that ring go on ringing when nothing comes of it.
        if (_legs.Count >= MostLegs || OpenAudio(other, comer.Family) is not { } audio) comer.End(503, new HangUpReason(503, CallReasons.NoCapacity));
        else if (Answer(audio, comer.Offer.Span, CodecsFor(replaced), MediaDirection.SendRecv, comer.Srtp, codecs => codecs) is not { } answer)
        {
            await audio.CloseAsync();
            comer.End(NotAcceptableHere, new HangUpReason(NotAcceptableHere, CallReasons.NoCommonCodec));
        }
        else
        {
            Admit(comer, replaced, answer);
            if (IsTarget(replaced)) await PickUpTargetAsync(_transfer!, comer, audio);
            else await PickUpAsync(SideOf(replaced), comer, audio);
        }
    }

    // As those were offered that are rung.
    private IReadOnlyList<AudioCodec> CodecsFor(Leg ringing) =>
        IsTarget(ringing) ? Other(SideOf(ringing)).Audio!.CodecsToOffer()
        : SideOf(ringing) == _second ? CodecsForDestination()
        : OfferedCodecs.For(_plan.Prompt, inside: _plan.Direction == CallDirection.Internal);

    private async ValueTask PickUpAsync(Side side, IncomingLeg comer, AudioEnd audio)
    {
        var before = side.Audio;
        (side.Audio, side.Leg) = (audio, comer);
        if (before is not null)
        {
            var heard = await before.CloseAsync();
            _earlyLeg?.Media = heard;
        }
        _earlyLeg = null;
        await StepAsync(side == _first ? CallInput.UserAnswered : CallInput.DestinationAnswered, comer);
    }

    private async ValueTask PickUpTargetAsync(Transfer transfer, IncomingLeg comer, AudioEnd audio)
    {
        comer.Replaces = transfer.Leg.Id;
        if (transfer.Audio is { } before) await before.CloseAsync();
        transfer.Audio = audio;
        transfer.Targets.Add(comer);
        await TakeTargetAsync(transfer, comer);
    }
}
