using ClickToDial.Calls.Legs;
using ClickToDial.Media.Audio;

namespace ClickToDial.Calls.Bridging;

/// <summary>What we play to an end, in which codec it may be.</summary>
internal sealed partial class Call
{
    private void StartPrompt()
    {
        PlayTo(_first, _services.Sounds.PressOne(DomainSounds));
        _services.Clock.Arm(_deadline, _services.Options.PromptTimeout, CallInput.PromptTimeout);
    }

    private void StartRingback()
    {
        if (_dialling is { OffersEarly: true } && UserHasToAgree && !_first.Audio!.IsOfferOut) _dialling.Ring(_first.Audio.Offer(CodecsForLate()));
        else if (_dialling is not null) _dialling.Ring();
        else PlayTo(_first, _services.Sounds.Ringback);
    }

    // A device that answered without G.711, although it was offered that first, is asked once more, for that alone.
    private void PlayTo(Side side, Prompt sound)
    {
        (side.Sound, side.Played) = (sound, null);
        if (side.Audio!.Leg.CanPlay) PlayOn(side);
        else if (_phase < CallPhase.Talking && _dialling is null && !side.Audio.IsOfferOut) side.Leg!.Reoffer(side.Audio.Offer(OfferedCodecs.Playable));
        else if (_phase == CallPhase.Announcing) PlayOn(side);
    }

    // Who does not take G.711, not even when asked, hears it transcoded. While it is being asked, nothing.
    private static void PlayOn(Side side)
    {
        if (side.Sound is not { } sound || ReferenceEquals(sound, side.Played) || side.Audio is not { Leg.CanHear: true } audio) return;
        if (!audio.Leg.CanPlay && audio.IsOfferOut) return;
        side.Played = sound;
        audio.Leg.Play(sound, loop: !ReferenceEquals(sound, side.Announcement) || side.AnnouncementLoops);
    }

    private static void StopSound(Side side)
    {
        side.Sound = side.Played = null;
        side.Audio?.Leg.StopPlaying();
    }
}
