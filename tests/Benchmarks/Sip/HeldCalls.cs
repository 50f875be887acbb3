namespace ClickToDial.Benchmarks.Sip;

/// <summary>What the worker keeps for each call that talks: resident memory, threads, files.</summary>
internal static class HeldCalls
{
    private const int CallerPort = 15210;
    private const int MediaPort = 38400;
    private const int Rate = 400; // All of them stand before the first is ended for its silence.

    public static async Task<IReadOnlyList<BenchFigure>> RunAsync(string program, int calls)
    {
        using var answers = SippLoad.Serve("answer", BenchWorker.TrunkPort, MediaPort + 100);
        using var worker = await BenchWorker.StartReadyAsync(program);
        await CallAsync(500, TimeSpan.Zero).WaitAsync(TimeSpan.FromMinutes(2)); // What code and pools take is there whatever the number.
        var before = await SettledAsync(worker);
        var hold = TimeSpan.FromSeconds((calls / (double)Rate) + 6);
        var talking = CallAsync(calls, hold);
        await Task.Delay(TimeSpan.FromSeconds((calls / (double)Rate) + 2));
        var (full, threads, files) = (worker.ResidentKilobytes, worker.Threads, worker.OpenFiles);
        var result = await talking;
        var perCall = (full - before.Kilobytes) / (double)calls;
        Console.WriteLine("Calls held at once, without sound");
        Report.Print(
        [
            ["calls", "failed", "kB before", "kB with", "kB/call", "threads before", "with", "files before", "with"],
            [
                Report.Number(calls, 0), Report.Number(result.Failed, 0), Report.Number(before.Kilobytes, 0), Report.Number(full, 0), Report.Number(perCall, 1),
                Report.Number(before.Threads, 0), Report.Number(threads, 0), Report.Number(before.Files, 0), Report.Number(files, 0),
            ],
        ]);
        return
        [
            new BenchFigure("sip.kb_per_call", Math.Round(perCall, 1), "kB"),
            new BenchFigure("sip.held_failed", result.Failed, "calls"),
            new BenchFigure("sip.threads_per_1000_calls", Math.Round((threads - before.Threads) * 1000.0 / calls, 1), "threads"),
        ];
    }

    private static async Task<SippResult> CallAsync(int calls, TimeSpan hold)
    {
        using var caller = SippLoad.Call("call-as-device", CallerPort, MediaPort, BenchWorker.Sip.ToString(), Rate, calls, hold);
        return await caller.ResultAsync();
    }

    // Only so long that their farewells are over: their transactions linger for half a minute, as those of the held ones will.
    private static async Task<(long Kilobytes, long Threads, int Files)> SettledAsync(BenchWorker worker)
    {
        await Task.Delay(TimeSpan.FromSeconds(3));
        return (worker.ResidentKilobytes, worker.Threads, worker.OpenFiles);
    }
}
