using ClickToDial.TestKit.Processes;

namespace ClickToDial.TestKit.Tests.Processes;

public sealed class ChildProcessTests
{
    private static ChildProcess Shell(string script) =>
        ChildProcess.Start(new ChildProcessOptions("shell", "sh", ["-c", script]));

    [Fact]
    public async Task OutputAndError_AreKeptAndTheCodeIsTold()
    {
        await using var process = Shell("echo out; echo err >&2; exit 3");

        Assert.Equal(3, await process.ExitAsync());
        Assert.Contains("out", process.Output.Snapshot());
        Assert.Contains("err", process.Output.Snapshot());
    }

    [Fact]
    public async Task ProcessThatEnds_FailsTheWaitForALine()
    {
        await using var process = Shell("echo other");

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => process.SaysAsync(l => l == "ready", "its start"));
        Assert.Contains("it ended with code 0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("other", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_ReachesTheTrapOfTheProcess()
    {
        await using var process = Shell("trap 'echo bye; exit 7' TERM; echo ready; sleep 1000 & wait");
        await process.SaysAsync(l => l == "ready", "its start");

        Assert.Equal(7, await process.TerminateAsync());
        Assert.Contains("bye", process.Output.Snapshot());
    }

    [Fact]
    public async Task Kill_TakesChildrenOfTheProcessToo()
    {
        await using var process = Shell("sleep 1000 & echo child $!; wait");
        var line = await process.SaysAsync(l => l.StartsWith("child ", StringComparison.Ordinal), "its child");
        await process.KillAsync();

        // A killed child that nobody has waited for yet is a zombie: gone, but still in the table.
        var status = $"/proc/{line["child ".Length..]}/stat";
        Assert.True(!File.Exists(status) || (await File.ReadAllTextAsync(status)).Contains(") Z ", StringComparison.Ordinal));
    }
}
