using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>Ports, codecs, and who hears what.</summary>
internal sealed partial class Call
{
    private AudioEnd? _userAudio;
    private AudioEnd? _destinationAudio;
    private IncomingLeg? _dialling;

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
        else if (_userAudio.Consider(_dialling!.Offer.Span) != OfferVerdict.Ok)
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
        return _destinationAudio?.Offer(_userAudio!.CodecsToOffer());
    }

    private void StartPrompt()
    {
        _userAudio!.Leg.Play(_services.Sounds.PressOne, loop: true);
        _services.Clock.Arm(_deadline, _services.Options.PromptTimeout, CallInput.PromptTimeout);
    }

    private void StartRingback()
    {
        if (_dialling is not null) _dialling.Ring();
        else _userAudio!.Leg.Play(_services.Sounds.Ringback, loop: true);
    }

    private void OpenEarlyMedia()
    {
        if (_dialling is not null && AnswerForDialling() is { } answer) _dialling.Progress(answer);
        _userAudio!.Leg.Bridge(_destinationAudio!.Leg);
    }

    private void Align() => _user!.Reoffer(_userAudio!.Offer(_destinationAudio!.Agreement!.CodecsToOffer()));

    private void Bridge()
    {
        if (_dialling is not null && !AnswerDialling()) return;
        if (_destinationAudio is not null) _userAudio!.Leg.Bridge(_destinationAudio.Leg);
        else if (_destination is TestLeg { Number: TestNumber.Milliwatt }) _userAudio!.Leg.Play(_services.Sounds.Milliwatt, loop: true);
        else _userAudio!.Leg.Echo();
        _services.Clock.Arm(_deadline, _plan.MaxDuration, CallInput.MaxDuration);
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

    private ValueTask ReofferAcceptedAsync(Leg leg, ReadOnlyMemory<byte> answer)
    {
        var verdict = (leg.Role == LegRole.User ? _userAudio : _destinationAudio)?.Accept(answer.Span) ?? OfferVerdict.Mismatch;
        if (_phase == CallPhase.Aligning && leg == _user)
            return StepAsync(verdict == OfferVerdict.Ok ? CallInput.Aligned : CallInput.AlignFailed, leg);
        PassOn(from: leg.Role == LegRole.User ? LegRole.Destination : LegRole.User);
        return ValueTask.CompletedTask;
    }

    // Outside the alignment a refused offer leaves everything as it was (RFC 3261 section 14.1).
    private ValueTask ReofferRefusedAsync(Leg leg, int status)
    {
        (leg.Role == LegRole.User ? _userAudio : _destinationAudio)?.Refused();
        return _phase == CallPhase.Aligning && leg == _user ? StepAsync(CallInput.AlignFailed, leg, status) : ValueTask.CompletedTask;
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
        if (AnswerForDialling() is { } answer)
        {
            _dialling!.Accept(answer);
            _dialling.AnsweredAt = Now;
            _dialling.SipStatus = 200;
            return true;
        }
        Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCommonCodec, NotAcceptableHere));
        return false;
    }
}
