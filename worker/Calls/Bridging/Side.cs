using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>Which of a call's two sides.</summary>
public enum SidePlace
{
    /// <summary>The call begins with it: the user whose devices are rung first, or whoever dials.</summary>
    First,

    /// <summary>The one the call is to reach.</summary>
    Second,
}

/// <summary>One side of a call: who stands there now, and its sound. Owned by the call's loop.</summary>
internal sealed class Side(SidePlace place, LegRole role)
{
    public SidePlace Place => place;

    /// <summary>The role of the legs that ring or stand here, also of those that take the place of another.</summary>
    public LegRole Role => role;

    /// <summary>Who has answered here, or has dialled; null before.</summary>
    public Leg? Leg { get; set; }

    /// <summary>Null before it is needed, and for a test number, which has no ports of its own.</summary>
    public AudioEnd? Audio { get; set; }

    /// <summary>Its keys come beside the sound; those that it sends by INFO as well are the same ones once more.</summary>
    public bool Presses { get; set; }

    /// <summary>The last key that it sent by INFO.</summary>
    public (char Key, DateTimeOffset At)? LastByInfo { get; set; }

    /// <summary>What it is to hear from us.</summary>
    public Prompt? Sound { get; set; }

    /// <summary>What is being played to it; not that sound as long as its phone is asked for a codec that can be played.</summary>
    public Prompt? Played { get; set; }

    /// <summary>The announcement that was last ordered for it, while it lasts.</summary>
    public Prompt? Announcement { get; set; }

    public bool AnnouncementLoops { get; set; }

    /// <summary>What we wished to do here when we last offered or answered; an offer that is out may still be refused.</summary>
    public MediaDirection Wanted { get; set; } = MediaDirection.SendRecv;

    /// <summary>
    /// What we wished in the last exchange that succeeded. What the peer agreed to is to be read beside this: beside an offer
    /// that it has yet to answer, whom we told to be silent would look as if it did not want to speak.
    /// </summary>
    public MediaDirection Settled { get; set; } = MediaDirection.SendRecv;

    /// <summary>Its peer has accepted an offer of which it can play nothing, and was offered again what was agreed before.</summary>
    public bool IsRestored { get; set; }

    /// <summary>Somebody else stands here from now on, with sound of its own.</summary>
    public void TakeOver(Leg leg, AudioEnd? audio)
    {
        Leg = leg;
        Audio = audio;
        Presses = false;
        LastByInfo = null;
        Sound = Played = Announcement = null;
        IsRestored = false;
        Wanted = Settled = MediaDirection.SendRecv;
    }

    /// <summary>Its peer does not want to hear anything, although we would send.</summary>
    public bool IsHoldingBySignal =>
        Audio?.Agreement is { } agreed && Settled.HasFlag(MediaDirection.SendOnly) && !agreed.Direction.HasFlag(MediaDirection.SendOnly);

    /// <summary>False when its peer does not send, although we would listen.</summary>
    public bool IsSending =>
        Audio?.Agreement is not { } agreed || !Settled.HasFlag(MediaDirection.RecvOnly) || agreed.Direction.HasFlag(MediaDirection.RecvOnly);

    /// <summary>Its peer sends and does not want to hear anything.</summary>
    public bool IsSendingOnly => Audio?.Agreement is { Direction: MediaDirection.RecvOnly };
}
