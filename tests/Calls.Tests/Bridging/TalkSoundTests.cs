using ClickToDial.Calls.Bridging;

namespace ClickToDial.Calls.Tests.Bridging;

public sealed class TalkSoundTests
{
    private static SideTalk Talks => default;
    private static readonly SideTalk Holds = new(HoldsBySignal: true, HoldsByOrder: false, PlaysItself: false, Muted: false, Announced: false);
    private static readonly SideTalk Ordered = Talks with { HoldsByOrder = true };
    private static readonly SideTalk OwnMusic = Holds with { PlaysItself = true };
    private static readonly SideTalk Muted = Talks with { Muted = true };
    private static readonly SideTalk Announced = Talks with { Announced = true };

    public static TheoryData<TalkState, Hears, Hears> Rows => new()
    {
        { default, Hears.Other, Hears.Other },
        { new(Holds, Talks), Hears.Nothing, Hears.Music },
        { new(Talks, Holds), Hears.Music, Hears.Nothing },
        { new(Holds, Holds), Hears.Nothing, Hears.Nothing },
        { new(Ordered, Talks), Hears.Nothing, Hears.Music },
        { new(Talks, OwnMusic), Hears.Other, Hears.Nothing },
        { new(Talks, OwnMusic with { HoldsByOrder = true }), Hears.Music, Hears.Nothing },
        { new(Muted, Talks), Hears.Other, Hears.Nothing },
        { new(Muted, Muted), Hears.Nothing, Hears.Nothing },
        { new(Muted, Holds), Hears.Music, Hears.Nothing },
        { new(Announced, Talks), Hears.Announcement, Hears.Other },
        { new(Announced, Holds), Hears.Announcement, Hears.Nothing },
        { new(Holds, Announced), Hears.Nothing, Hears.Announcement },
        { new(Holds, Talks, TransferPhase.Ringing, SidePlace.First), Hears.Nothing, Hears.Ringback },
        { new(Talks, Talks, TransferPhase.Ringing, SidePlace.Second), Hears.Ringback, Hears.Nothing },
        { new(Holds, Holds, TransferPhase.Ringing, SidePlace.First), Hears.Nothing, Hears.Nothing },
        { new(Holds, Talks, TransferPhase.Ringing, SidePlace.First, TargetHeard: true), Hears.Nothing, Hears.Target },
        { new(Holds, Holds, TransferPhase.Ringing, SidePlace.First, TargetHeard: true), Hears.Nothing, Hears.Nothing },
        { new(Announced, Talks, TransferPhase.Ringing, SidePlace.Second, TransferorLeft: true, TargetHeard: true), Hears.Announcement, Hears.Nothing },
        { new(Holds, Talks, TransferPhase.Fetching, SidePlace.First), Hears.Nothing, Hears.Music },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_side_hears_what_fits_the_state(TalkState state, Hears first, Hears second)
    {
        Assert.Equal(first, TalkSound.Of(state, SidePlace.First));
        Assert.Equal(second, TalkSound.Of(state, SidePlace.Second));
    }
}
