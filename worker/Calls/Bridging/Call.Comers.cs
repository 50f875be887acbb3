using System.Globalization;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Bridging;

/// <summary>Who comes in by a call of its own that names whom it replaces (RFC 3891).</summary>
internal sealed partial class Call
{
    // Each of them has ports of its own until its ACK.
    private const int MostLateComers = 4;

    private readonly List<(CallRequest.TakePlace Request, AudioEnd Audio)> _lateComers = [];
    private int _comers;

    /// <summary>An id for the leg of a device that calls to stand in another's place. From any thread.</summary>
    public string NextComerId() => string.Create(CultureInfo.InvariantCulture, $"leg-r{Interlocked.Increment(ref _comers)}");

    private async ValueTask TakePlaceAsync(CallRequest.TakePlace request)
    {
        var (replaced, comer) = (request.Replaced, request.Comer);
        if (!HasPlace(request)) return;
        // Ports of its own, as those that ring go on ringing when nothing comes of it.
        if (_legs.Count >= MostLegs || OpenAudio(Other(SideOf(replaced)).Audio, comer.Family) is not { } audio) comer.End(503, new HangUpReason(503, CallReasons.NoCapacity));
        else if (comer.IsLate) await OfferPlaceAsync(request, audio);
        else if (Answer(audio, request) is not { } answer) await TurnAwayAsync(comer, audio, NotAcceptableHere, CallReasons.NoCommonCodec);
        else await SeatAsync(request, audio, answer);
    }

    // Who gets none is told.
    private bool HasPlace(CallRequest.TakePlace request)
    {
        var replaced = request.Replaced;
        if (IsRinging(replaced)) return true;
        var side = SideOf(replaced);
        // RFC 3891 section 3: it was answered, and whoever calls wants it only while it rings.
        if (request.EarlyOnly) request.Comer.End(486, new HangUpReason(486, CallReasons.Transferred));
        else if (side.Leg != replaced || replaced.IsOver || _phase != CallPhase.Talking || Obstacle(new Transfer(side)) is not null) request.Refuse();
        else return true;
        return false;
    }

    private byte[]? Answer(AudioEnd audio, CallRequest.TakePlace request)
    {
        var (replaced, comer) = (request.Replaced, request.Comer);
        if (IsRinging(replaced)) return Answer(audio, comer.Offer.Span, CodecsForComer(replaced), MediaDirection.SendRecv, comer.Srtp, codecs => codecs);
        return audio.Answer(comer.Offer.Span, CodecsForComer(replaced), MediaDirection.SendRecv, comer.Srtp, out var answer) == OfferVerdict.Ok ? answer : null;
    }

    // It leaves the offer to us (RFC 3261 section 13.2.1), and has the place when its answer comes with the ACK, if there still is one then.
    private async ValueTask OfferPlaceAsync(CallRequest.TakePlace request, AudioEnd audio)
    {
        var comer = request.Comer;
        if (_lateComers.Count >= MostLateComers)
        {
            await TurnAwayAsync(comer, audio, 503, CallReasons.NoCapacity);
            return;
        }
        _lateComers.Add((request, audio));
        var offer = audio.FirstOffer(CodecsForComer(request.Replaced));
        comer.Accept(offer.For(comer.Srtp == SrtpUse.Required ? SrtpUse.Required : SrtpUse.None, comer.Family));
    }

    // Who calls to take a place and has none yet.
    private async ValueTask TakeComersNewsAsync(Leg comer, LegNews news)
    {
        if (news is LegNews.HungUp) comer.EndedAt = Now;
        if (news is not (LegNews.HungUp or LegNews.ReofferAccepted) || _lateComers.FindIndex(late => late.Request.Comer == comer) is not (>= 0 and var at)) return;
        var (request, audio) = _lateComers[at];
        _lateComers.RemoveAt(at);
        if (news is not LegNews.ReofferAccepted accepted || !HasPlace(request)) await audio.CloseAsync();
        else if (audio.Accept(accepted.Answer.Span) != OfferVerdict.Ok) await TurnAwayAsync(request.Comer, audio, NotAcceptableHere, CallReasons.NoCommonCodec);
        else await SeatAsync(request, audio, answer: []);
    }

    private static async ValueTask TurnAwayAsync(IncomingLeg comer, AudioEnd audio, int status, string reason)
    {
        await audio.CloseAsync();
        comer.End(status, new HangUpReason(status, reason));
    }

    private async ValueTask TurnComersAwayAsync(HangUpReason reason)
    {
        foreach (var (request, audio) in _lateComers)
        {
            await audio.CloseAsync();
            request.Comer.End(NoSuchDialog, reason);
        }
        _lateComers.Clear();
    }

    /// <param name="answer">Empty where the comer's own answer has come: our success was sent before it.</param>
    private async ValueTask SeatAsync(CallRequest.TakePlace request, AudioEnd audio, byte[] answer)
    {
        var (replaced, comer) = (request.Replaced, request.Comer);
        comer.Replaces = replaced.Id;
        comer.AnsweredAt = Now;
        comer.SipStatus = 200;
        _legs.Add(comer);
        if (answer.Length > 0) comer.Accept(answer);
        if (IsTarget(replaced)) await PickUpTargetAsync(_transfer!, comer, audio);
        else if (IsRinging(replaced)) await PickUpAsync(SideOf(replaced), comer, audio);
        else
        {
            var side = SideOf(replaced);
            _transfer = new Transfer(side) { Audio = audio, Winner = comer };
            await TalkAsync(side, TalkInput.JoinBegins);
            await _record.TellAsync(CallEventType.LegAnswered, Now, comer);
            await TalkAsync(side, TalkInput.TargetAnswers);
        }
    }

    // RFC 3891 section 3: who is rung by us may be replaced, and is cancelled then. It is as if the comer had been rung and had answered.
    private bool IsRinging(Leg leg) => leg is { IsOver: false, AnsweredAt: null }
        && (IsTarget(leg) || (SideOf(leg) == _first ? _phase == CallPhase.RingingUser : _phase == CallPhase.Dialling));

    private bool IsTarget(Leg leg) => _transfer is { Winner: null } transfer && transfer.Targets.Contains(leg);

    // As those were offered that are rung.
    private IReadOnlyList<AudioCodec> CodecsForComer(Leg replaced) =>
        IsTarget(replaced) || !IsRinging(replaced) ? Other(SideOf(replaced)).Audio!.CodecsToOffer()
        : SideOf(replaced) == _second ? CodecsForDestination()
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
