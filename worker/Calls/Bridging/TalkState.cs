namespace ClickToDial.Calls.Bridging;

/// <summary>What is going on at one side while both talk.</summary>
/// <param name="HoldsBySignal">Its phone has put the other on hold.</param>
/// <param name="HoldsByOrder">It holds the other by the control API.</param>
/// <param name="PlaysItself">While it holds by signal it sends music of its own.</param>
/// <param name="Muted">The other does not hear it.</param>
/// <param name="Announced">An announcement is played to it.</param>
public readonly record struct SideTalk(bool HoldsBySignal, bool HoldsByOrder, bool PlaysItself, bool Muted, bool Announced)
{
    public bool Holds => HoldsBySignal || HoldsByOrder;
}

/// <summary>How far a transfer is.</summary>
public enum TransferPhase
{
    None,

    /// <summary>The leg of another call is being asked over.</summary>
    Fetching,

    /// <summary>The target is rung.</summary>
    Ringing,
}

/// <summary>Everything that may differ between one call that talks and another.</summary>
/// <param name="Transferor">Who gives its place away; counts with a transfer under way.</param>
/// <param name="TransferorLeft">It has hung up, and the target is waited for without it.</param>
/// <param name="TargetHeard">The target sends sound before it answers, and that is heard in place of ringback.</param>
public readonly record struct TalkState(
    SideTalk First, SideTalk Second, TransferPhase Transfer = TransferPhase.None, SidePlace Transferor = SidePlace.First, bool TransferorLeft = false,
    bool TargetHeard = false)
{
    public bool IsHeld => First.Holds || Second.Holds;

    public SideTalk this[SidePlace place] => place == SidePlace.First ? First : Second;

    public TalkState With(SidePlace place, SideTalk side) => place == SidePlace.First ? this with { First = side } : this with { Second = side };
}

/// <summary>What may happen to a call that talks; each is about one side.</summary>
public enum TalkInput
{
    /// <summary>The side's phone holds, without sound of its own.</summary>
    SignalsHold,

    /// <summary>The side's phone holds and plays music of its own.</summary>
    SignalsHoldWithMusic,
    SignalsResume,

    OrderHold,
    OrderResume,
    Mute,
    Unmute,

    AnnouncementBegins,

    /// <summary>It came to its end, or was stopped.</summary>
    AnnouncementEnds,

    /// <summary>The side gives its place to somebody who has to be rung.</summary>
    TransferBegins,

    /// <summary>The side gives its place to somebody it talks to in another call.</summary>
    JoinBegins,

    /// <summary>The target stands in the side's place from now on.</summary>
    TargetAnswers,

    /// <summary>Nobody takes the side's place.</summary>
    TargetFails,

    /// <summary>The side has hung up.</summary>
    Leaves,

    /// <summary>Who is rung for the side's place is heard before it has answered.</summary>
    TargetSounds,

    /// <summary>Who was heard does not ring any more, but others do.</summary>
    TargetHushes,
}

/// <summary>What there is to do, in the order of the bits.</summary>
[Flags]
public enum TalkActions
{
    None = 0,

    /// <summary>Ring the target, where it has to be rung.</summary>
    SeekTarget = 1 << 0,

    /// <summary>Put the target in the place of the transferor.</summary>
    Replace = 1 << 1,

    /// <summary>Who hears what, and what each side is told of the direction, follows the new state.</summary>
    Arrange = 1 << 2,

    TellHeld = 1 << 3,
    TellResumed = 1 << 4,
    TellMuted = 1 << 5,
    TellUnmuted = 1 << 6,
    TellTransferring = 1 << 7,
    TellTransferred = 1 << 8,
    TellTransferFailed = 1 << 9,

    /// <summary>Only one side is left: the call is over.</summary>
    End = 1 << 10,
}

/// <summary>How an input was taken.</summary>
public enum TalkVerdict
{
    Done,

    /// <summary>It is so already.</summary>
    Already,

    /// <summary>A transfer is under way; nothing was changed.</summary>
    Transferring,

    /// <summary>The phone itself holds, and only it can resume; nothing was changed.</summary>
    HeldBySignal,

    /// <summary>Nothing was changed: it does not fit the state.</summary>
    OutOfPlace,
}

public readonly record struct TalkStep(TalkState Next, TalkActions Do, TalkVerdict Verdict);
