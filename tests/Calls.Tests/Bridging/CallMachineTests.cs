using ClickToDial.Calls.Bridging;

namespace ClickToDial.Calls.Tests.Bridging;

public sealed class CallMachineTests
{
    // Rows: inputs. Columns: New, RingingUser, Prompting, Dialling, Aligning, Talking, Announcing, Ended. A dot: nothing changes.
    // The facts: no prompt, the user was called, codecs agree, no early media.
    private const string Table = """
        Originate               RingingUser .        .        .        .       .       .          .
        Dialled                 Dialling    .        .        .        .       .       .          .
        UserRinging             .           tell     .        .        .       .       .          .
        UserAnswered            .           Dialling .        .        .       .       .          .
        UserFailed              .           Ended    .        .        .       .       .          .
        UserHungUp              .           .        Ended    Ended    Ended   Ended   Ended      .
        UserRingTimeout         .           Ended    .        .        .       .       .          .
        Confirmed               .           .        Dialling .        .       .       .          .
        PromptTimeout           .           .        Ended    .        .       .       .          .
        DestinationRinging      .           .        .        tell     .       .       .          .
        DestinationEarlyMedia   .           .        .        tell     .       .       .          .
        DestinationAnswered     .           .        .        Talking  .       .       .          .
        DestinationFailed       .           .        .        Ended    .       .       .          .
        DestinationHungUp       .           .        .        .        Ended   Ended   .          .
        DestinationRingTimeout  .           .        .        Ended    .       .       .          .
        Aligned                 .           .        .        .        Talking .       .          .
        AlignFailed             .           .        .        .        Ended   .       .          .
        AnnouncementOver        .           .        .        .        .       .       Ended      .
        MaxDuration             .           .        .        .        .       Ended   .          .
        MediaTimeout            .           .        .        .        .       Ended   .          .
        Impossible              Ended       Ended    Ended    Ended    Ended   Ended   Ended      .
        ApiHangUp               Ended       Ended    Ended    Ended    Ended   Ended   Ended      .
        Shutdown                Ended       Ended    Ended    Ended    Ended   Ended   Ended      .
        Fault                   Ended       Ended    Ended    Ended    Ended   Ended   Ended      .
        """;

    private static readonly CallFacts Plain = new(Prompt: false, UserWaits: false, Realign: false, EarlyMedia: false);

    public static TheoryData<CallPhase, CallInput, string> Cells()
    {
        var cells = new TheoryData<CallPhase, CallInput, string>();
        foreach (var row in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (var phase in Enum.GetValues<CallPhase>()) cells.Add(phase, Enum.Parse<CallInput>(words[0]), words[1 + (int)phase]);
        }
        return cells;
    }

    [Fact]
    public void Table_covers_every_phase_and_input() =>
        Assert.Equal(Enum.GetValues<CallPhase>().Length * Enum.GetValues<CallInput>().Length, Cells().Count);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_cell_goes_where_the_table_says(CallPhase phase, CallInput input, string expected)
    {
        var (next, actions) = CallMachine.Step(phase, input, Plain);
        Assert.Equal(Enum.TryParse<CallPhase>(expected, out var named) ? named : phase, next);
        Assert.Equal(expected == ".", actions == CallActions.None);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Call_tells_its_end_exactly_when_it_ends(CallPhase phase, CallInput input, string expected)
    {
        var (_, actions) = CallMachine.Step(phase, input, Plain);
        Assert.Equal(expected == "Ended", actions.HasFlag(CallActions.TellEnded));
        Assert.Equal(expected == "Ended", actions.HasFlag(CallActions.EndLegs));
        Assert.Equal(expected == "Ended", CallMachine.Ends(phase, input));
    }

    [Theory]
    [InlineData(CallInput.DestinationFailed)]
    [InlineData(CallInput.DestinationRingTimeout)]
    [InlineData(CallInput.Impossible)]
    public void Failure_that_is_announced_ends_the_call_only_after_it(CallInput failure)
    {
        var (phase, actions) = CallMachine.Step(CallPhase.Dialling, failure, Plain with { Announces = true });
        Assert.Equal(CallPhase.Announcing, phase);
        Assert.Equal(CallActions.StopTimer | CallActions.StopSound | CallActions.AnnounceFailure, actions);
        Assert.Equal(CallPhase.Ended, CallMachine.Step(phase, CallInput.AnnouncementOver, Plain).Next);
    }

    [Theory]
    [InlineData(CallInput.UserHungUp)]
    [InlineData(CallInput.ApiHangUp)]
    [InlineData(CallInput.Shutdown)]
    [InlineData(CallInput.Fault)]
    public void What_is_no_failure_of_the_destination_is_not_announced(CallInput input) =>
        Assert.Equal(CallPhase.Ended, CallMachine.Step(CallPhase.Dialling, input, Plain with { Announces = true }).Next);

    [Fact]
    public void Prompt_comes_between_answer_and_destination()
    {
        var (phase, actions) = CallMachine.Step(CallPhase.RingingUser, CallInput.UserAnswered, Plain with { Prompt = true });
        Assert.Equal(CallPhase.Prompting, phase);
        Assert.True(actions.HasFlag(CallActions.StartPrompt));
        Assert.False(actions.HasFlag(CallActions.Dial));

        (phase, actions) = CallMachine.Step(phase, CallInput.Confirmed, Plain with { Prompt = true });
        Assert.Equal(CallPhase.Dialling, phase);
        Assert.True(actions.HasFlag(CallActions.StopSound | CallActions.Dial));
    }

    [Fact]
    public void Other_codec_is_agreed_with_the_user_before_the_bridge()
    {
        var (phase, actions) = CallMachine.Step(CallPhase.Dialling, CallInput.DestinationAnswered, Plain with { Realign = true });
        Assert.Equal(CallPhase.Aligning, phase);
        Assert.True(actions.HasFlag(CallActions.Align));
        Assert.False(actions.HasFlag(CallActions.Bridge));

        Assert.Equal(
            (CallPhase.Talking, CallActions.Bridge | CallActions.TellConnected),
            CallMachine.Step(phase, CallInput.Aligned, Plain with { Realign = true }));
    }

    [Fact]
    public void User_who_stays_with_its_codec_is_joined_all_the_same_where_it_can_be_transcoded()
    {
        Assert.Equal(
            (CallPhase.Talking, CallActions.Bridge | CallActions.TellConnected),
            CallMachine.Step(CallPhase.Aligning, CallInput.AlignFailed, Plain with { Realign = true, CanTranscode = true }));
    }

    [Fact]
    public void User_who_dialled_is_answered_with_the_destinations_codec_at_once()
    {
        var facts = Plain with { UserWaits = true, Realign = true };
        var (phase, actions) = CallMachine.Step(CallPhase.Dialling, CallInput.DestinationAnswered, facts);
        Assert.Equal(CallPhase.Talking, phase);
        Assert.True(actions.HasFlag(CallActions.Bridge));
    }

    [Fact]
    public void Ringing_after_early_media_does_not_cover_it_with_ringback()
    {
        var (_, actions) = CallMachine.Step(CallPhase.Dialling, CallInput.DestinationRinging, Plain with { EarlyMedia = true });
        Assert.Equal(CallActions.TellRinging, actions);
    }
}
