namespace ClickToDial.Benchmarks.Sip;

/// <summary>One step of a ramp.</summary>
/// <param name="CpuMilliseconds">Of the server, per call.</param>
internal sealed record RampStep(int Rate, double Reached, long Calls, long Failed, double CpuMilliseconds)
{
    /// <summary>Every call succeeded, and they were begun about as fast as they were to be.</summary>
    public bool IsGood => Failed == 0 && Reached > 0.95 * Rate;
}

/// <summary>Calls from sipp through the worker to sipp, hung up as soon as they are there; the same through kamailio.</summary>
internal static class BridgedCalls
{
    private const int CallerPort = 15200;
    private const int MediaPort = 38000;
    private const int WarmUpCalls = 12_000;

    public static async Task<IReadOnlyList<BenchFigure>> RunAsync(string program, int[] rates, int seconds, bool alone)
    {
        using var answers = SippLoad.Serve("answer", BenchWorker.TrunkPort, MediaPort + 100);
        var peer = alone ? [] : await KamailioAsync(rates, seconds);
        List<RampStep> ours;
        using (var worker = await BenchWorker.StartReadyAsync(program))
        {
            // So many calls go by until the code that they run is compiled for good: with a third of them, a tenth of what was measured was the compiler.
            await StepAsync("call-as-device", BenchWorker.SipPort, rates.Min(), WarmUpCalls / rates.Min(), () => worker.CpuSeconds);
            ours = await RampAsync("call-as-device", BenchWorker.SipPort, rates, seconds, () => worker.CpuSeconds);
        }
        Console.WriteLine("Calls from INVITE to BYE, sipp on both ends, hold 0; the caller of ours is challenged, kamailio's is not");
        Report.Print(
        [
            ["calls/s", "reached", "failed", "CPU ms/call", "kamailio reached", "failed", "CPU ms/call"],
            .. ours.Select((step, i) => Row(step, i < peer.Count ? peer[i] : null)),
        ]);
        var best = ours.LastOrDefault(step => step.IsGood);
        var theirs = peer.LastOrDefault(step => step.IsGood);
        return
        [
            BenchFigure.Beside("sip.calls_per_second", best?.Rate ?? 0, "calls/s", "kamailio", theirs?.Rate),
            BenchFigure.Beside("sip.cpu_ms_per_call", Math.Round((best ?? ours[0]).CpuMilliseconds, 3), "ms", "kamailio", theirs?.CpuMilliseconds),
        ];
    }

    /// <summary>Steps up until a step is not good.</summary>
    private static async Task<List<RampStep>> RampAsync(string scenario, int port, int[] rates, int seconds, Func<double> cpu)
    {
        List<RampStep> steps = [];
        foreach (var rate in rates)
        {
            steps.Add(await StepAsync(scenario, port, rate, seconds, cpu));
            if (!steps[^1].IsGood) break;
        }
        return steps;
    }

    private static async Task<RampStep> StepAsync(string scenario, int port, int rate, int seconds, Func<double> cpu)
    {
        var before = cpu();
        using var caller = SippLoad.Call(scenario, CallerPort, MediaPort, $"{BenchWorker.Address}:{port}", rate, rate * seconds, TimeSpan.Zero);
        var result = await caller.ResultAsync();
        if (result.Failed > 0) Console.WriteLine($"  {rate}/s: {result.Failed} failed; first of them: {caller.Errors()}");
        return new RampStep(rate, result.Rate, result.Calls, result.Failed, (cpu() - before) * 1000 / Math.Max(1, result.Calls));
    }

    private static async Task<List<RampStep>> KamailioAsync(int[] rates, int seconds)
    {
        using var kamailio = KamailioProxy.TryStart(out var missing);
        if (kamailio is null)
        {
            Console.WriteLine($"without kamailio: {missing}");
            return [];
        }
        return await RampAsync("call", KamailioProxy.Port, rates, seconds, () => kamailio.CpuSeconds);
    }

    private static string[] Row(RampStep ours, RampStep? peer) =>
    [
        Report.Number(ours.Rate, 0), Report.Number(ours.Reached, 0), Report.Number(ours.Failed, 0), Report.Number(ours.CpuMilliseconds, 2),
        Report.Number(peer?.Reached, 0), Report.Number(peer?.Failed, 0), Report.Number(peer?.CpuMilliseconds, 2),
    ];
}
