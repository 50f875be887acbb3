using System.Diagnostics;
using System.Net;
using ClickToDial.Contracts.Control;
using ClickToDial.TestKit.Peers;

namespace ClickToDial.Benchmarks.Sip;

/// <summary>Calls begun by the control API: the user's sipp answers, the destination's answers and hangs up.</summary>
internal static class OriginatedCalls
{
    private const int MediaPort = 38200;
    private const int WarmUpCalls = 12_000;

    public static async Task<IReadOnlyList<BenchFigure>> RunAsync(string program, int[] rates, int seconds)
    {
        using var worker = await BenchWorker.StartReadyAsync(program);
        using (var register = SippLoad.Call("register", BenchWorker.UserPort, MediaPort, BenchWorker.Sip.ToString(), 1, 1, TimeSpan.Zero))
        {
            if ((await register.ResultAsync()).Failed > 0) throw new InvalidOperationException($"The user cannot register: {register.Errors()}");
        }
        using var user = SippLoad.Serve("answer", BenchWorker.UserPort, MediaPort);
        using var destination = SippLoad.Serve("answer-and-hang-up", BenchWorker.TrunkPort, MediaPort + 100);
        using var control = BenchWorker.NewClient();
        await StepAsync(worker, control, rates.Min(), WarmUpCalls / rates.Min());
        List<RampStep> steps = [];
        foreach (var rate in rates)
        {
            steps.Add(await StepAsync(worker, control, rate, seconds));
            if (!steps[^1].IsGood) break;
        }
        Console.WriteLine("Calls by PUT /control/calls/{id}: two legs to sipp, hung up by the destination as soon as both talk");
        Report.Print(
        [
            ["calls/s", "reached", "failed", "CPU ms/call"],
            .. steps.Select(step => new[]
            {
                Report.Number(step.Rate, 0), Report.Number(step.Reached, 0), Report.Number(step.Failed, 0), Report.Number(step.CpuMilliseconds, 2),
            }),
        ]);
        var best = steps.LastOrDefault(step => step.IsGood);
        return
        [
            new BenchFigure("sip.originate_per_second", best?.Rate ?? 0, "calls/s"),
            new BenchFigure("sip.originate_cpu_ms", Math.Round((best ?? steps[0]).CpuMilliseconds, 3), "ms"),
        ];
    }

    private static async Task<RampStep> StepAsync(BenchWorker worker, WorkerClient control, int rate, int seconds)
    {
        var calls = rate * seconds;
        var (cpu, ended, answered) = (worker.CpuSeconds, worker.Sink.Ended, worker.Sink.Answered);
        var refused = 0;
        List<Task> asked = new(calls);
        var start = Stopwatch.GetTimestamp();
        for (var begun = 0; begun < calls; await Task.Delay(5))
        {
            var due = Math.Min(calls, (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate));
            for (; begun < due; begun++) asked.Add(AskAsync());
        }
        await Task.WhenAll(asked);
        var reached = calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
        // The terminal events tell the rest. Those that came late would be counted with the step after.
        for (var i = 0; worker.Sink.Ended - ended < calls - refused; i++)
        {
            if (i == 1200) throw new InvalidOperationException($"The ends of {calls - refused - (worker.Sink.Ended - ended)} calls were not told within a minute: the machine is too busy for {rate} calls a second.");
            await Task.Delay(50);
        }
        return new RampStep(rate, reached, calls, calls - (worker.Sink.Answered - answered), (worker.CpuSeconds - cpu) * 1000 / calls);

        async Task AskAsync()
        {
            using var answer = await control.PutAsync(WorkerClient.NewCallId(), new OriginateCommand(BenchWorker.Domain, BenchWorker.Device, "+49301234567"));
            if (answer.StatusCode != HttpStatusCode.Accepted) Interlocked.Increment(ref refused);
        }
    }
}
