using ClickToDial.Calls.Trunks;

namespace ClickToDial.Calls.Tests.Trunks;

public sealed class RegistrationMachineTests
{
    // Columns: Waiting, Asking, Registered, Refreshing, Leaving, Left. A dot: nothing changes and there is nothing to do.
    private const string Table = """
        Due              Asking/Register .                          Refreshing/Register  .                          .       .
        Accepted         .               Registered/ArmRefresh      .                    Registered/ArmRefresh      Left    .
        TooBrief         .               Asking/Register            .                    Refreshing/Register        Left    .
        Failed           .               Asking/RegisterElsewhere   .                    Refreshing/RegisterElsewhere Left  .
        FailedEverywhere .               Waiting/BackOff            .                    Registered/BackOff         Left    .
        Expired          .               .                          Waiting              Asking                     .       .
        Leave            Left            Leaving/Unregister         Leaving/Unregister   Leaving/Unregister         .       .
        """;

    public static TheoryData<RegistrationPhase, RegistrationInput, string> Cells()
    {
        var cells = new TheoryData<RegistrationPhase, RegistrationInput, string>();
        foreach (var row in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (var phase in Enum.GetValues<RegistrationPhase>()) cells.Add(phase, Enum.Parse<RegistrationInput>(words[0]), words[1 + (int)phase]);
        }
        return cells;
    }

    [Fact]
    public void Table_covers_every_phase_and_input() =>
        Assert.Equal(Enum.GetValues<RegistrationPhase>().Length * Enum.GetValues<RegistrationInput>().Length, Cells().Count);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_cell_goes_where_the_table_says(RegistrationPhase phase, RegistrationInput input, string expected)
    {
        var parts = expected.Split('/');
        var next = parts[0] == "." ? phase : Enum.Parse<RegistrationPhase>(parts[0]);
        var action = parts.Length == 1 ? RegistrationAction.None : Enum.Parse<RegistrationAction>(parts[1]);
        Assert.Equal((next, action), RegistrationMachine.Step(phase, input));
    }
}
