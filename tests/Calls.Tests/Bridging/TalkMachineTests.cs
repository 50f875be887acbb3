using ClickToDial.Calls.Bridging;

namespace ClickToDial.Calls.Tests.Bridging;

public sealed class TalkMachineTests
{
    // Rows: an input about the first side, then about the second. Columns: nothing going on; the first side holds by its phone; it
    // holds by order; it is muted; it hears an announcement; its place is being rung for; the same, and it has left; it is being
    // fetched for; its place is being rung for, and who is rung is heard. A dot: nothing changes. Words: what is told or done; "sound" when only what is heard may change.
    private const string Table = """
        First  SignalsHold           held         .            sound        held         held         held         held         held         held
        First  SignalsHoldWithMusic  held         sound        sound        held         held         held         held         held         held
        First  SignalsResume         .            resumed      .            .            .            .            .            .            .
        First  OrderHold             held         sound        .            held         held         .            .            .            .
        First  OrderResume           .            .            resumed      .            .            .            .            .            .
        First  Mute                  muted        muted        muted        .            muted        muted        muted        muted        muted
        First  Unmute                .            .            .            unmuted      .            .            .            .            .
        First  AnnouncementBegins    sound        sound        sound        sound        .            sound        sound        sound        sound
        First  AnnouncementEnds      .            .            .            .            sound        .            .            .            .
        First  TransferBegins        seek         seek         seek         seek         seek         .            .            .            .
        First  JoinBegins            seek         seek         seek         seek         seek         .            .            .            .
        First  TargetAnswers         .            .            .            .            .            replace      replace      replace      replace
        First  TargetFails           .            .            .            .            .            failed       failed,end   failed       failed
        First  Leaves                end          end          end          end          end          waits        end          waits        waits
        Second SignalsHold           held         held         held         held         held         held         held         held         held
        Second SignalsHoldWithMusic  held         held         held         held         held         held         held         held         held
        Second SignalsResume         .            .            .            .            .            .            .            .            .
        Second OrderHold             held         held         held         held         held         .            .            .            .
        Second OrderResume           .            .            .            .            .            .            .            .            .
        Second Mute                  muted        muted        muted        muted        muted        muted        muted        muted        muted
        Second Unmute                .            .            .            .            .            .            .            .            .
        Second AnnouncementBegins    sound        sound        sound        sound        sound        sound        sound        sound        sound
        Second AnnouncementEnds      .            .            .            .            .            .            .            .            .
        Second TransferBegins        seek         seek         seek         seek         seek         .            .            .            .
        Second JoinBegins            seek         seek         seek         seek         seek         .            .            .            .
        Second TargetAnswers         .            .            .            .            .            .            .            .            .
        Second TargetFails           .            .            .            .            .            .            .            .            .
        Second Leaves                end          end          end          end          end          end          end          end          end
        First  TargetSounds          .            .            .            .            .            sound        sound        .            .
        First  TargetHushes          .            .            .            .            .            .            .            .            sound
        Second TargetSounds          .            .            .            .            .            .            .            .            .
        Second TargetHushes          .            .            .            .            .            .            .            .            .
        """;

    private static SideTalk Plain => default;

    private static readonly TalkState[] States =
    [
        default,
        new(Plain with { HoldsBySignal = true }, Plain),
        new(Plain with { HoldsByOrder = true }, Plain),
        new(Plain with { Muted = true }, Plain),
        new(Plain with { Announced = true }, Plain),
        new(Plain, Plain, TransferPhase.Ringing),
        new(Plain, Plain, TransferPhase.Ringing, TransferorLeft: true),
        new(Plain, Plain, TransferPhase.Fetching),
        new(Plain, Plain, TransferPhase.Ringing, TargetHeard: true),
    ];

    public static TheoryData<int, SidePlace, TalkInput, string> Cells()
    {
        var cells = new TheoryData<int, SidePlace, TalkInput, string>();
        foreach (var row in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            for (var i = 0; i < States.Length; i++) cells.Add(i, Enum.Parse<SidePlace>(words[0]), Enum.Parse<TalkInput>(words[1]), words[2 + i]);
        }
        return cells;
    }

    [Fact]
    public void Table_covers_every_side_and_input() =>
        Assert.Equal(2 * Enum.GetValues<TalkInput>().Length * States.Length, Cells().Count);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_cell_does_what_the_table_says(int state, SidePlace place, TalkInput input, string expected)
    {
        var step = TalkMachine.Step(States[state], place, input);
        Assert.Equal(expected, Words(step, States[state]));
        Assert.Equal(expected == ".", step.Verdict is not TalkVerdict.Done);
    }

    [Theory]
    [InlineData(TalkInput.SignalsHold, TalkInput.SignalsResume)]
    [InlineData(TalkInput.SignalsHoldWithMusic, TalkInput.SignalsResume)]
    [InlineData(TalkInput.OrderHold, TalkInput.OrderResume)]
    [InlineData(TalkInput.Mute, TalkInput.Unmute)]
    [InlineData(TalkInput.AnnouncementBegins, TalkInput.AnnouncementEnds)]
    public void What_one_input_does_the_other_undoes_whatever_the_other_side_does(TalkInput does, TalkInput undoes)
    {
        foreach (var between in new[] { TalkInput.SignalsHold, TalkInput.Mute, TalkInput.AnnouncementBegins })
        {
            var state = TalkMachine.Step(default, SidePlace.First, does).Next;
            state = TalkMachine.Step(state, SidePlace.Second, between).Next;
            state = TalkMachine.Step(state, SidePlace.First, undoes).Next;
            Assert.Equal(Plain, state.First);
            Assert.NotEqual(Plain, state.Second);
        }
    }

    [Fact]
    public void Side_that_holds_in_both_ways_is_told_of_once_and_resumes_with_the_last()
    {
        var held = TalkMachine.Step(default, SidePlace.First, TalkInput.OrderHold);
        var both = TalkMachine.Step(held.Next, SidePlace.First, TalkInput.SignalsHold);
        Assert.False(both.Do.HasFlag(TalkActions.TellHeld));
        Assert.Equal(TalkVerdict.HeldBySignal, TalkMachine.Step(both.Next, SidePlace.First, TalkInput.OrderResume).Verdict);
        var phone = TalkMachine.Step(both.Next, SidePlace.First, TalkInput.SignalsResume);
        Assert.False(phone.Do.HasFlag(TalkActions.TellResumed));
        Assert.True(TalkMachine.Step(phone.Next, SidePlace.First, TalkInput.OrderResume).Do.HasFlag(TalkActions.TellResumed));
    }

    [Fact]
    public void Target_comes_without_the_hold_and_mute_of_whom_it_replaces()
    {
        var side = new SideTalk(HoldsBySignal: true, HoldsByOrder: true, PlaysItself: true, Muted: true, Announced: true);
        var step = TalkMachine.Step(
            new TalkState(Plain with { Muted = true }, side, TransferPhase.Ringing, SidePlace.Second), SidePlace.Second, TalkInput.TargetAnswers);
        Assert.Equal(new TalkState(Plain with { Muted = true }, Plain), step.Next);
    }

    [Fact]
    public void Failed_transfer_leaves_the_hold_as_it_was()
    {
        var held = new TalkState(Plain with { HoldsBySignal = true }, Plain);
        var begun = TalkMachine.Step(held, SidePlace.First, TalkInput.TransferBegins);
        Assert.Equal(held, TalkMachine.Step(begun.Next, SidePlace.First, TalkInput.TargetFails).Next);
    }

    private static string Words(TalkStep step, TalkState before)
    {
        if (step.Next == before && step.Do == TalkActions.None) return ".";
        if (step.Do == TalkActions.None) return "waits";
        if (step.Do.HasFlag(TalkActions.SeekTarget)) return "seek";
        if (step.Do.HasFlag(TalkActions.Replace)) return "replace";
        List<string> words = [];
        if (step.Do.HasFlag(TalkActions.TellHeld)) words.Add("held");
        if (step.Do.HasFlag(TalkActions.TellResumed)) words.Add("resumed");
        if (step.Do.HasFlag(TalkActions.TellMuted)) words.Add("muted");
        if (step.Do.HasFlag(TalkActions.TellUnmuted)) words.Add("unmuted");
        if (step.Do.HasFlag(TalkActions.TellTransferFailed)) words.Add("failed");
        if (step.Do.HasFlag(TalkActions.End)) words.Add("end");
        return words.Count > 0 ? string.Join(',', words) : "sound";
    }
}
