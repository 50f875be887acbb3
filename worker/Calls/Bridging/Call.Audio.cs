using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>Ports, codecs, and who hears what.</summary>
internal sealed partial class Call
{
    private AudioEnd? _userAudio;
    private AudioEnd? _destinationAudio;
    private IncomingLeg? _dialling;
    private Prompt? _sound;
    private bool _earlySound;
    private bool _alignAsked;

    // Each can play what the other sends by itself.
    private bool AreInTune => _destinationAudio is null
        ? _userAudio!.Agreement is not null
        : _userAudio!.IsHeardBy(_destinationAudio) && _destinationAudio.IsHeardBy(_userAudio);

    // A device that dials may leave the offer to us: then it has to agree after the far end did.
    private bool UserHasToAgree => _dialling is { IsLate: true } && _userAudio?.Agreement is null;

    private bool IsHeld => IsHeldBy(_userAudio) || IsHeldBy(_destinationAudio);

    /// <summary>Before the call runs: the leg of the device that dials it.</summary>
    public void TakeDialling(IncomingLeg leg)
    {
        _dialling = leg;
        _user = leg;
        _legs.Add(leg);
    }

    private bool PrepareDialling()
    {
        if ((_userAudio = OpenAudio(beside: null)) is null) Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCapacity));
        else if (_dialling!.IsLate) return true;
        else if (_userAudio.Consider(_dialling.Offer.Span) != OfferVerdict.Ok)
            Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCommonCodec, NotAcceptableHere));
        else return true;
        return false;
    }

    private AudioEnd? OpenAudio(AudioEnd? beside)
    {
        var leg = _services.Media.TryOpenLeg(media => Post(new CallMessage(default, Media: media)), beside?.Leg);
        return leg is null ? null : new AudioEnd(_services.Media, leg, (ulong)_services.Random.NextInt64(1, long.MaxValue));
    }

    // Null when no port is left.
    private byte[]? OfferToDestination()
    {
        _destinationAudio = OpenAudio(_userAudio);
        // A device that dials has said all that it has, and is not asked again.
        return _destinationAudio?.Offer(
            UserHasToAgree ? OfferedCodecs.For(prompt: false, inside: _plan.Direction == CallDirection.Internal)
            : _dialling is null ? _userAudio!.CodecsToDial() : _userAudio!.CodecsToOffer());
    }

    private void StartPrompt()
    {
        PlayToUser(_services.Sounds.PressOne);
        _services.Clock.Arm(_deadline, _services.Options.PromptTimeout, CallInput.PromptTimeout);
    }

    private void StartRingback()
    {
        if (_dialling is not null) _dialling.Ring();
        else PlayToUser(_services.Sounds.Ringback);
    }

    // A device that answered without G.711, although it was offered that first, is asked once more, for that alone.
    private void PlayToUser(Prompt sound)
    {
        _sound = sound;
        if (_userAudio!.Leg.CanPlay) _userAudio.Leg.Play(sound, loop: true);
        else if (_dialling is null && !_userAudio.IsOfferOut) _user!.Reoffer(_userAudio.Offer(OfferedCodecs.Playable));
    }

    private void StopSound()
    {
        _sound = null;
        _userAudio?.Leg.StopPlaying();
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
        _userAudio!.Leg.Overhear(_destinationAudio!.Leg);
    }

    private void Align()
    {
        _services.Clock.Arm(_deadline, _services.Options.AlignTimeout, CallInput.AlignFailed);
        _alignAsked = false;
        if (_dialling is not { AnsweredAt: null }) AskOver();
        else if (UserHasToAgree) OfferToDialling();
        else if (AnswerDialling()) AskOver();
    }

    // With our success, now that the far end's codec is known.
    private void OfferToDialling()
    {
        _alignAsked = true;
        MarkAnswered(_userAudio!.Offer(_destinationAudio?.Agreement?.CodecsToOffer() ?? OfferedCodecs.Playable));
    }

    // While an earlier offer is out, its end leads back here.
    private void AskOver()
    {
        if (_userAudio!.IsOfferOut) return;
        _alignAsked = true;
        _user!.Reoffer(_userAudio.Offer(_destinationAudio!.Agreement!.CodecsToOffer()));
    }

    private void Bridge()
    {
        if (_dialling is { AnsweredAt: null } && !AnswerDialling()) return;
        if (_destinationAudio is not null) _userAudio!.Leg.Bridge(_destinationAudio.Leg);
        else if (_destination is TestLeg { Number: TestNumber.Milliwatt }) PlayToUser(_services.Sounds.Milliwatt);
        else _userAudio!.Leg.Echo();
        _services.Clock.Arm(_deadline, _plan.MaxDuration, CallInput.MaxDuration);
        Watch();
    }

    private ValueTask TakeReofferAsync(Leg leg, IReoffer request)
    {
        var (own, other) = leg.Role == LegRole.User ? (_userAudio, _destinationAudio) : (_destinationAudio, _userAudio);
        if (leg.IsOver || own is null) request.Refuse(481);
        else if (_phase == CallPhase.Aligning) request.Refuse(RequestPending); // RFC 3261 section 14.2: our own offer is out.
        else if (request.Offer.IsEmpty) request.Accept(own.Offer(own.CodecsToOffer()));
        else if (own.Answer(request.Offer.Span, other?.CodecsToOffer() ?? AudioCodec.All, MediaDirection.SendRecv, out var answer) != OfferVerdict.Ok)
            request.Refuse(NotAcceptableHere);
        else
        {
            request.Accept(answer);
            Watch();
            PassOn(from: leg.Role);
        }
        return ValueTask.CompletedTask;
    }

    // Hold and resume reach the far end as the same thing: what one end no longer takes, the other need not send. While an
    // offer is out, its answer brings us here again.
    private void PassOn(LegRole from)
    {
        var (own, other, far) = from == LegRole.User ? (_userAudio, _destinationAudio, _destination) : (_destinationAudio, _userAudio, _user);
        if (_phase != CallPhase.Talking || far is null || own?.Agreement is not { } agreed || other?.Agreement is not { } theirs) return;
        var wanted = agreed.Direction.Reversed();
        if (other.IsOfferOut || other.Said == wanted) return;
        far.Reoffer(other.Offer(theirs.CodecsToOffer(), wanted));
    }

    private ValueTask ReofferAcceptedAsync(Leg leg, LegNews.ReofferAccepted accepted)
    {
        var couldPlay = _userAudio?.Leg.CanPlay ?? false;
        (leg.Role == LegRole.User ? _userAudio : _destinationAudio)?.Accept(accepted.Answer.Span);
        if (leg == _user && !couldPlay && _sound is { } sound && _userAudio!.Leg.CanPlay) PlayToUser(sound);
        if (_phase == CallPhase.Aligning && leg == _user) return AlignedAsync(leg, null);
        Watch();
        PassOn(from: accepted.Asked == (leg.Role == LegRole.User) ? LegRole.User : LegRole.Destination);
        return ValueTask.CompletedTask;
    }

    // Outside the alignment a refused offer leaves everything as it was (RFC 3261 section 14.1); after 491 it is made again.
    private ValueTask ReofferRefusedAsync(Leg leg, int status)
    {
        (leg.Role == LegRole.User ? _userAudio : _destinationAudio)?.Refused();
        return _phase == CallPhase.Aligning && leg == _user && status != RequestPending ? AlignedAsync(leg, status) : ValueTask.CompletedTask;
    }

    // The offer that came to its end may be an earlier one, for the ringback; then the question proper is still to come.
    private ValueTask AlignedAsync(Leg leg, int? refusedBy)
    {
        if (AreInTune) return StepAsync(CallInput.Aligned, leg);
        if (_alignAsked) return StepAsync(CallInput.AlignFailed, leg, refusedBy);
        AskOver();
        return ValueTask.CompletedTask;
    }

    private ValueTask MayReofferAsync(LegRole role)
    {
        if (_phase == CallPhase.Aligning && role == LegRole.User) AskOver();
        else PassOn(from: role == LegRole.User ? LegRole.Destination : LegRole.User);
        return ValueTask.CompletedTask;
    }

    private static bool IsHeldBy(AudioEnd? end) => end?.Agreement is { Direction: not MediaDirection.SendRecv };

    // A held end need not send, so silence then says nothing.
    private void Watch()
    {
        if (_phase != CallPhase.Talking || _services.Options.DeadMedia == TimeSpan.Zero) return;
        TimeSpan? limit = IsHeld ? null : _services.Options.DeadMedia;
        _userAudio?.Leg.WatchSilence(limit);
        _destinationAudio?.Leg.WatchSilence(limit);
    }

    private async ValueTask CloseAudioAsync()
    {
        var user = _userAudio is null ? null : await _userAudio.CloseAsync();
        var destination = _destinationAudio is null ? null : await _destinationAudio.CloseAsync();
        _user?.Media = user;
        (_destination ?? _earlyLeg)?.Media = destination;
    }

    private byte[]? AnswerForDialling()
    {
        var offer = _dialling!.Offer;
        if (_destinationAudio is null) return Answer(AudioCodec.All);
        return Answer(_destinationAudio.Agreement!.CodecsToOffer());

        byte[]? Answer(IReadOnlyList<AudioCodec> codecs) =>
            _userAudio!.Answer(offer.Span, codecs, MediaDirection.SendRecv, out var answer) == OfferVerdict.Ok ? answer : null;
    }

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
