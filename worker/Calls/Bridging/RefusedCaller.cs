using ClickToDial.Calls.Legs;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// A caller who hears why there will be no call. It ends with the sound, by its deadline, or when the caller gives up, whichever
/// thread that comes from first.
/// </summary>
internal sealed class RefusedCaller : ILegOwner
{
    private readonly CallServices _services;
    private readonly Refusal _refusal;
    private readonly Action<RefusedCaller> _ended;
    private readonly Deadline _deadline;
    private AudioEnd? _audio;
    private IncomingLeg? _leg;
    private int _isOver;

    /// <param name="ended">From any thread.</param>
    public RefusedCaller(CallServices services, Refusal refusal, Action<RefusedCaller> ended)
    {
        _services = services;
        _refusal = refusal;
        _ended = ended;
        _deadline = new Deadline(_ => End());
    }

    /// <summary>False when there is no port left, or the caller knows no codec that sounds are played in; then nothing was sent.</summary>
    public bool TryBegin(IncomingLeg leg, Prompt sound, TimeSpan longest)
    {
        if (_services.Media.TryOpenLeg(Take) is not { } media) return false;
        _leg = leg;
        _audio = new AudioEnd(_services.Media, media, _services.Srtp.CreateKeying(), (ulong)_services.Random.NextInt64(1, long.MaxValue));
        _audio.Prefer(leg.Family);
        if ((Answer(leg, OfferedCodecs.Playable) ?? Answer(leg, OfferedCodecs.AndTranscoded(OfferedCodecs.Playable))) is not { } answer || !media.CanHear)
        {
            _ = _audio.CloseAsync();
            return false;
        }
        leg.Progress(answer);
        media.Play(sound);
        _services.Clock.Arm(_deadline, longest, default);
        return true;
    }

    private byte[]? Answer(IncomingLeg leg, IReadOnlyList<AudioCodec> codecs)
    {
        var allowed = _refusal.Codecs?.Invoke(codecs) ?? codecs;
        return _audio!.Answer(leg.Offer.Span, allowed, MediaDirection.SendRecv, leg.Srtp, out var answer) == OfferVerdict.Ok ? answer : null;
    }

    public void Tell(Leg leg, LegNews news)
    {
        if (news is LegNews.HungUp) End();
        if (news is LegNews.Reoffered reoffered) reoffered.Request.Refuse(481);
        if (news is LegNews.Referred referred) referred.Request.Refuse(481);
    }

    public void End()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        _services.Clock.Disarm(_deadline);
        _leg?.End(_refusal.Status, new HangUpReason(_refusal.Status, _refusal.Rule));
        _ = _audio?.CloseAsync();
        _ended(this);
    }

    private void Take(MediaEvent media)
    {
        if (media is PromptFinished) End();
    }
}
