using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Sounds;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>What the first side hears when the destination cannot be had: a sound named by the reason, once, and then the end.</summary>
internal sealed partial class Call
{
    private static readonly TimeSpan LongestAnnouncement = TimeSpan.FromSeconds(60);
    private CallOutcome? _failure;

    private bool CanAnnounce(CallOutcome? outcome) =>
        outcome is not null && _failure is null && _services.Sounds.Announces != FailureAnnouncements.Never
        && AnnouncementFor(outcome) is not null && _first.Audio is not null && (_dialling is null ? _first.Audio.Leg.CanHear : CanAnnounceEarly(_dialling));

    private Prompt? AnnouncementFor(CallOutcome outcome) => _services.Sounds.Find(outcome.Reason, DomainSounds);

    // Whose offer is awaited, there is nothing to answer yet.
    private bool CanAnnounceEarly(IncomingLeg dialling) =>
        _services.Sounds.Announces == FailureAnnouncements.Always && !dialling.IsLate && !dialling.IsOver && _first.Audio!.Leg.CanHear;

    private async ValueTask AnnounceFailureAsync(CallOutcome outcome)
    {
        _failure = outcome;
        foreach (var leg in _legs.FindAll(leg => SideOf(leg) == _second && !leg.IsOver))
        {
            leg.Reason ??= outcome.Reason;
            leg.End(StatusForCaller(outcome), HangUpReason.Of(outcome));
            await OverAsync(leg);
        }
        if (_dialling is not null && _earlyLeg is null && !AnswerForAnnouncement(_dialling))
        {
            Post(CallInput.AnnouncementOver);
            return;
        }
        var sound = _first.Announcement = AnnouncementFor(outcome)!;
        PlayTo(_first, sound);
        var longest = sound.Duration < LongestAnnouncement ? sound.Duration + TimeSpan.FromSeconds(1) : LongestAnnouncement;
        _services.Clock.Arm(_deadline, longest, CallInput.AnnouncementOver);
    }

    // Whose sound was opened for a destination that sent some has its answer already.
    private bool AnswerForAnnouncement(IncomingLeg dialling)
    {
        if (Answer(_first.Audio!, dialling.Offer.Span, OfferedCodecs.Playable, MediaDirection.SendRecv, dialling.Srtp, CodecsOfDialling) is not { } answer) return false;
        dialling.Progress(answer);
        return true;
    }
}
