namespace ClickToDial.Calls.Bridging;

/// <summary>What one side of a call that talks hears.</summary>
public enum Hears
{
    Nothing,

    /// <summary>The other side.</summary>
    Other,
    Music,
    Ringback,
    Announcement,

    /// <summary>Who is rung to take the other side's place, before the answer.</summary>
    Target,
}

/// <summary>Who hears what, from the state alone.</summary>
public static class TalkSound
{
    public static Hears Of(TalkState state, SidePlace place)
    {
        var other = state[place == SidePlace.First ? SidePlace.Second : SidePlace.First];
        return (state[place], other, state.Transfer) switch
        {
            ({ Announced: true }, _, _) => Hears.Announcement,
            ({ Holds: true }, _, _) => Hears.Nothing,
            (_, _, TransferPhase.Ringing) => place == state.Transferor ? Hears.Nothing : state.TargetHeard ? Hears.Target : Hears.Ringback,
            (_, { HoldsByOrder: false, PlaysItself: true }, _) => Hears.Other,
            (_, { Holds: true }, _) => Hears.Music,
            (_, { Muted: true }, _) => Hears.Nothing,
            _ => Hears.Other,
        };
    }
}
