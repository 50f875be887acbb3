using System.Net.Sockets;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Bridging;

/// <summary>Ports, codecs, and who hears what.</summary>
internal sealed partial class Call
{
    private IncomingLeg? _dialling;
    private bool _isElsewhere;
    private bool _earlySound;
    private bool _alignAsked;
    private DateTimeOffset? _endsBy;

    private DomainSounds? DomainSounds => _services.Directory.Current?.SoundsOf(_plan.Domain);

    // Each can play what the other sends by itself.
    private bool AreInTune => _second.Audio is null
        ? _first.Audio!.Agreement is not null
        : _first.Audio!.IsHeardBy(_second.Audio) && _second.Audio.IsHeardBy(_first.Audio);

    // A device that dials may leave the offer to us: then it has to agree after the far end did.
    private bool UserHasToAgree => _dialling is { IsLate: true } && _first.Audio?.Agreement is null;

    // Silence then says nothing.
    private bool IsHeld => _talk.IsHeld || _talk.Transfer != TransferPhase.None || IsOneWay(_first.Audio) || IsOneWay(_second.Audio);

    /// <summary>Before the call runs: the leg of the device that dials it.</summary>
    public void TakeDialling(IncomingLeg leg)
    {
        _dialling = leg;
        _first.Leg = leg;
        _legs.Add(leg);
    }

    private bool PrepareDialling()
    {
        if ((_first.Audio = OpenAudio(beside: null, _dialling!.Family)) is null) Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCapacity));
        else if (_dialling.IsLate) return true;
        else if (_first.Audio.Consider(_dialling.Offer.Span, CodecsOfDialling(AudioCodec.All), _dialling.Srtp) != OfferVerdict.Ok)
            Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCommonCodec, NotAcceptableHere));
        else return true;
        return false;
    }

    /// <param name="family">By which its peer signals, if there is one yet.</param>
    private AudioEnd? OpenAudio(AudioEnd? beside, AddressFamily family = AddressFamily.Unspecified)
    {
        if (_services.Media.TryOpenLeg(Hear, beside?.Leg) is not { } leg) return null;
        var end = new AudioEnd(_services.Media, leg, _services.Srtp.CreateKeying(), (ulong)_services.Random.NextInt64(1, long.MaxValue));
        end.Prefer(family);
        return end;
    }

    // Null when no port is left.
    private LegOffer? OfferToDestination()
    {
        _second.Audio = OpenAudio(_first.Audio);
        return _second.Audio?.FirstOffer(CodecsForDestination());
    }

    // Who dials has said all that it has, and is not asked again.
    private IReadOnlyList<AudioCodec> CodecsForDestination()
    {
        if (UserHasToAgree) return CodecsForLate();
        var shared = _dialling is null ? _first.Audio!.CodecsToDial() : _first.Audio!.CodecsToOffer();
        return _services.Media.Transcodes ? OfferedCodecs.AndTranscoded(shared) : shared;
    }

    private void OpenEarlyMedia()
    {
        if (UserHasToAgree) return;
        if (_dialling is null or { IsLate: true })
        {
            if (!AreInTune) AskOver();
        }
        else if (AnswerForDialling() is { } answer) _dialling.Progress(answer);
        // One way: nobody has answered, so nobody is to hear the user yet.
        _first.Audio!.Leg.Overhear(_second.Audio!.Leg);
    }

    private void Align()
    {
        _services.Clock.Arm(_deadline, _services.Options.AlignTimeout, CallInput.AlignFailed);
        _alignAsked = false;
        if (_dialling is not { AnsweredAt: null }) AskOver();
        else if (UserHasToAgree && !_first.Audio!.IsOfferOut) OfferToDialling();
        else if (AnswerDialling()) AskOver();
    }

    // With our success, now that the far end's codec is known.
    private void OfferToDialling()
    {
        _alignAsked = true;
        var offer = _first.Audio!.FirstOffer(CodecsOfDialling(_second.Audio?.Agreement?.CodecsToOffer() ?? OfferedCodecs.Playable));
        MarkAnswered(offer.For(_dialling!.Srtp == SrtpUse.Required ? SrtpUse.Required : SrtpUse.None, _dialling.Family));
    }

    // While an earlier offer is out, its end leads back here.
    private void AskOver()
    {
        if (_first.Audio!.IsOfferOut) return;
        _alignAsked = true;
        _first.Leg!.Reoffer(_first.Audio.Offer(_second.Audio!.Agreement!.CodecsToOffer()));
    }

    private void Bridge()
    {
        if (_dialling is { AnsweredAt: null } && !AnswerDialling()) return;
        EndWithin(_plan.MaxDuration);
        _first.Audio?.EndRinging();
        _second.Audio?.EndRinging();
        if (_second.Leg?.Redirection?.Longest is { } longest) EndWithin(longest);
        Arrange();
    }

    // The shortest that was ever said counts.
    private void EndWithin(TimeSpan longest)
    {
        var ends = Now + longest;
        if (_endsBy <= ends) return;
        _endsBy = ends;
        _services.Clock.Arm(_deadline, longest, CallInput.MaxDuration);
    }

    // Somebody else stands in its place.
    private bool IsDisplaced(Leg leg) => SideOf(leg).Leg is { } there && there != leg;

    private ValueTask TakeReofferAsync(Leg leg, IReoffer request)
    {
        var side = SideOf(leg);
        var wanted = _phase == CallPhase.Talking ? WantedOf(side) : MediaDirection.SendRecv;
        if (_transfer?.Targets.Contains(leg) ?? false) request.Refuse(RequestPending); // Our own offer is out.
        else if (leg.IsOver || IsDisplaced(leg) || side.Audio is not { } own) request.Refuse(481);
        else if (_phase == CallPhase.Aligning) request.Refuse(RequestPending); // RFC 3261 section 14.2: our own offer is out.
        else if (request.Offer.IsEmpty && own.IsOfferOut) request.Refuse(RequestPending); // An offer of ours is on its way already: there can be no second one.
        else if (request.Offer.IsEmpty) request.Accept(Offer(side, own.CodecsToOffer(), wanted));
        else if (Answer(own, request.Offer.Span, Other(side).Audio?.CodecsToOffer() ?? AudioCodec.All, wanted, leg.Srtp, codecs => codecs) is not { } answer)
            request.Refuse(NotAcceptableHere);
        else
        {
            side.Wanted = side.Settled = wanted;
            request.Accept(answer);
            return NoteDirectionAsync(side);
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask ReofferAcceptedAsync(Leg leg, LegNews.ReofferAccepted accepted)
    {
        var side = SideOf(leg);
        if (IsDisplaced(leg)) return;
        if (side.Audio?.Accept(accepted.Answer.Span) is not OfferVerdict.Ok and var verdict) Restore(side, verdict);
        else (side.Settled, side.IsRestored) = (side.Wanted, false);
        if (_phase == CallPhase.Aligning && side == _first) await AlignedAsync(leg, null);
        // Whom we told that we do not listen may say that it does not either; that is no hold of its own.
        else if (accepted.Asked || side.Settled.HasFlag(MediaDirection.RecvOnly)) await NoteDirectionAsync(side);
        Direct(side); // What was wished may have changed meanwhile.
        PlayOn(side);
    }

    // Some accept an offer of which they can play nothing, instead of refusing it, and are mute from then on: what was agreed
    // before is offered once more.
    private void Restore(Side side, OfferVerdict? verdict)
    {
        if (verdict != OfferVerdict.NoCommonCodec || side.IsRestored || side.Audio?.Agreement is not { } before) return;
        side.IsRestored = true;
        if (_outOfTune == side) _outOfTune = null; // It would be asked for the same again.
        side.Leg!.Reoffer(Offer(side, before.CodecsToOffer(), _phase == CallPhase.Talking ? WantedOf(side) : MediaDirection.SendRecv));
    }

    // Outside the alignment a refused offer leaves everything as it was (RFC 3261 section 14.1); after 491 it is made again.
    private ValueTask ReofferRefusedAsync(Leg leg, int status)
    {
        var side = SideOf(leg);
        if (IsDisplaced(leg)) return ValueTask.CompletedTask;
        side.Audio?.Refused();
        side.Wanted = side.Settled;
        PlayOn(side);
        return _phase == CallPhase.Aligning && side == _first && status != RequestPending ? AlignedAsync(leg, status) : ValueTask.CompletedTask;
    }

    // The offer that came to its end may be an earlier one, for the ringback; then the question proper is still to come.
    private ValueTask AlignedAsync(Leg leg, int? refusedBy)
    {
        if (AreInTune) return StepAsync(CallInput.Aligned, leg);
        if (_alignAsked) return StepAsync(CallInput.AlignFailed, leg, refusedBy);
        AskOver();
        return ValueTask.CompletedTask;
    }

    private void MayReoffer(Side side)
    {
        if (_phase == CallPhase.Aligning && side == _first) AskOver();
        else Direct(side);
    }

    private static bool IsOneWay(AudioEnd? end) => end?.Agreement is { Direction: not MediaDirection.SendRecv };

    // A held end need not send, so silence then says nothing.
    private void Watch()
    {
        if (_phase != CallPhase.Talking || _services.Options.DeadMedia == TimeSpan.Zero) return;
        TimeSpan? limit = IsHeld ? null : _services.Options.DeadMedia;
        _first.Audio?.Leg.WatchSilence(limit);
        _second.Audio?.Leg.WatchSilence(limit);
    }

    private async ValueTask CloseAudioAsync()
    {
        if (_joint is { ToFirst: not true } or { ToSecond: not true }) _joint.Part();
        var first = _first.Audio is null ? null : await _first.Audio.CloseAsync();
        var second = _second.Audio is null ? null : await _second.Audio.CloseAsync();
        _first.Leg?.Media = first;
        (_second.Leg ?? _earlyLeg)?.Media = second;
    }

    private byte[]? AnswerForDialling()
    {
        var offer = _dialling!.Offer;
        if (_second.Audio is null) return Answer(AudioCodec.All);
        return Answer(_second.Audio.Agreement!.CodecsToOffer());

        byte[]? Answer(IReadOnlyList<AudioCodec> codecs) =>
            this.Answer(_first.Audio!, offer.Span, codecs, MediaDirection.SendRecv, _dialling!.Srtp, CodecsOfDialling);
    }

    // With a codec that the other end has; failing that, with any that can be transcoded. Null when there is neither.
    private byte[]? Answer(
        AudioEnd end, ReadOnlySpan<byte> offer, IReadOnlyList<AudioCodec> shared, MediaDirection wanted, SrtpUse srtp,
        Func<IReadOnlyList<AudioCodec>, IReadOnlyList<AudioCodec>> restrict)
    {
        var verdict = end.Answer(offer, restrict(shared), wanted, srtp, out var answer);
        if (verdict == OfferVerdict.NoCommonCodec && _services.Media.Transcodes)
            verdict = end.Answer(offer, restrict(OfferedCodecs.AndTranscoded(shared)), wanted, srtp, out answer);
        return verdict == OfferVerdict.Ok ? answer : null;
    }

    private IReadOnlyList<AudioCodec> CodecsForLate() => CodecsOfDialling(OfferedCodecs.For(prompt: false, inside: _plan.Direction == CallDirection.Internal));

    private IReadOnlyList<AudioCodec> CodecsOfDialling(IReadOnlyList<AudioCodec> codecs) => _dialling!.Codecs?.Invoke(codecs) ?? codecs;

    private bool AnswerDialling()
    {
        // Who has answered an offer of ours before is told nothing of sound any more.
        if ((_dialling!.IsLate ? [] : AnswerForDialling()) is { } answer)
        {
            MarkAnswered(answer);
            return true;
        }
        Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCommonCodec, NotAcceptableHere));
        return false;
    }

    private void MarkAnswered(byte[] description)
    {
        _dialling!.Accept(description);
        _dialling.AnsweredAt = Now;
        _dialling.SipStatus = 200;
    }
}
