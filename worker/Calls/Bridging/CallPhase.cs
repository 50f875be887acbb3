namespace ClickToDial.Calls.Bridging;

/// <summary>Where a call is, in the order it goes through.</summary>
public enum CallPhase
{
    /// <summary>Taken on; nobody has been rung.</summary>
    New,

    /// <summary>The user's devices ring.</summary>
    RingingUser,

    /// <summary>The user has answered and hears the prompt.</summary>
    Prompting,

    /// <summary>The destination is dialled.</summary>
    Dialling,

    /// <summary>The destination has answered; the user is being asked to go over to its codec.</summary>
    Aligning,

    /// <summary>Both ends talk.</summary>
    Talking,

    /// <summary>The destination cannot be had, and the first side hears why.</summary>
    Announcing,

    Ended,
}

/// <summary>What may happen to a call.</summary>
public enum CallInput
{
    /// <summary>The call was commanded: ring the user, then the destination.</summary>
    Originate,

    /// <summary>A device of the user has dialled: its leg is there already, unanswered.</summary>
    Dialled,

    UserRinging,
    UserAnswered,

    /// <summary>The last of the user's devices has refused or failed.</summary>
    UserFailed,

    /// <summary>The user hung up, or gave up its own unanswered call.</summary>
    UserHungUp,
    UserRingTimeout,

    Confirmed,
    PromptTimeout,

    DestinationRinging,

    /// <summary>The destination sends sound before it answers.</summary>
    DestinationEarlyMedia,
    DestinationAnswered,
    DestinationFailed,
    DestinationHungUp,
    DestinationRingTimeout,

    /// <summary>The user has taken over the destination's codec.</summary>
    Aligned,
    AlignFailed,

    /// <summary>The first side has heard why the destination cannot be had.</summary>
    AnnouncementOver,

    MaxDuration,
    MediaTimeout,

    /// <summary>The call cannot go on for a reason that is given with it: no route, no port, nobody registered.</summary>
    Impossible,
    ApiHangUp,
    Shutdown,
    Fault,
}

/// <summary>What there is to do, in the order of the bits.</summary>
[Flags]
public enum CallActions
{
    None = 0,

    /// <summary>Invite every device of the user.</summary>
    RingUser = 1 << 0,

    /// <summary>Cancel the devices that have not answered.</summary>
    CancelOtherDevices = 1 << 1,
    StopTimer = 1 << 2,
    StartPrompt = 1 << 3,
    StopSound = 1 << 4,
    Dial = 1 << 5,

    /// <summary>Let the user hear that it rings.</summary>
    StartRingback = 1 << 6,

    /// <summary>Let the user hear what the destination sends.</summary>
    OpenEarlyMedia = 1 << 7,

    /// <summary>Ask the user over to the destination's codec.</summary>
    Align = 1 << 8,
    Bridge = 1 << 9,

    /// <summary>End every leg, whatever it is doing.</summary>
    EndLegs = 1 << 10,

    TellRinging = 1 << 11,
    TellAnswered = 1 << 12,
    TellPrompting = 1 << 13,
    TellConfirmed = 1 << 14,
    TellConnected = 1 << 15,
    TellEnded = 1 << 16,

    /// <summary>Let go of the destination, and let the first side hear why it cannot be had.</summary>
    AnnounceFailure = 1 << 17,
}

/// <summary>What the table needs to know of the call besides its phase.</summary>
/// <param name="Prompt">The user must press 1 first.</param>
/// <param name="UserWaits">The user's own leg is unanswered: it dialled, and is answered when the destination answers.</param>
/// <param name="Realign">The user has to be asked over to the destination's codec.</param>
/// <param name="EarlyMedia">The destination already sends sound.</param>
/// <param name="CanTranscode">The two can hear each other though they share no codec.</param>
/// <param name="Announces">The first side is to hear why the destination cannot be had.</param>
public readonly record struct CallFacts(
    bool Prompt, bool UserWaits, bool Realign, bool EarlyMedia, bool CanTranscode = false, bool Announces = false);
