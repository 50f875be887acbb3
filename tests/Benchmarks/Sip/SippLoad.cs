using System.Diagnostics;
using System.Globalization;

namespace ClickToDial.Benchmarks.Sip;

/// <summary>What a calling sipp counted.</summary>
/// <param name="Rate">Calls begun per second, as it came out.</param>
internal sealed record SippResult(long Calls, long Failed, double Rate, double Seconds);

/// <summary>sipp under load: callers that play a number of calls, and called parties that serve until they are disposed of.</summary>
internal sealed class SippLoad : IDisposable
{
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("bench-sipp-").FullName;

    private SippLoad(string scenario, int port, IEnumerable<string> arguments)
    {
        string[] common =
        [
            "-sf", Path.Combine(AppContext.BaseDirectory, "Sip", "Scenarios", scenario + ".xml"),
            "-i", BenchWorker.Address, "-p", Text(port), "-mi", BenchWorker.Address, "-t", "u1", "-nostdin", "-buff_size", "4194304",
            "-trace_stat", "-stf", Statistics, "-fd", "1", "-trace_err", "-error_file", Path.Combine(_folder, "errors.log"),
            "-key", "domain", BenchWorker.Domain, "-key", "user", BenchWorker.Device, "-au", BenchWorker.Device, "-ap", BenchWorker.Password, "-auth_uri", $"+49301234567@{BenchWorker.Domain}",
        ];
        // It paints a screen that nobody sees.
        var line = string.Join(' ', common.Concat(arguments).Select(argument => $"'{argument}'"));
        _process = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec sipp {line} >/dev/null 2>&1"]) { UseShellExecute = false, WorkingDirectory = _folder })!;
    }

    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "sipp")));

    private string Statistics => Path.Combine(_folder, "statistics.csv");

    /// <summary>Answers whatever comes to the port until disposed of.</summary>
    public static SippLoad Serve(string scenario, int port, int mediaPort)
    {
        var load = new SippLoad(scenario, port, ["-mp", Text(mediaPort)]);
        // It makes the file once its sockets are bound.
        for (var i = 0; i < 200 && !File.Exists(load.Statistics); i++) Thread.Sleep(10);
        return load._process.HasExited ? throw new InvalidOperationException($"sipp cannot serve {scenario}: {load.Errors()}") : load;
    }

    /// <summary>Begins calls at a rate; the result is there when the last has ended.</summary>
    /// <param name="hold">How long each call talks.</param>
    public static SippLoad Call(string scenario, int port, int mediaPort, string remote, int rate, int calls, TimeSpan hold) =>
        new(scenario, port, [
            "-mp", Text(mediaPort), "-r", Text(rate), "-m", Text(calls), "-l", Text(Math.Max(2000, (int)(rate * (hold.TotalSeconds + 4)))),
            "-d", Text((int)hold.TotalMilliseconds), "-timeout", Text((int)(((double)calls / rate) + hold.TotalSeconds + 40)), remote]);

    /// <summary>Waits until every call has ended.</summary>
    public async Task<SippResult> ResultAsync()
    {
        await _process.WaitForExitAsync();
        var rows = await File.ReadAllLinesAsync(Statistics);
        var names = rows[0].Split(';');
        var last = rows[^1].Split(';');
        var failed = Number("FailedCall(C)") + Number("CurrentCall");
        var calls = Number("TotalCallCreated");
        // The rate of the row in which calls were last begun: the time after that only waits for their ends.
        var begun = rows.Skip(1).Select(row => row.Split(';')).TakeWhile(row => long.Parse(Cell(row, "TotalCallCreated"), CultureInfo.InvariantCulture) < calls).LastOrDefault() ?? last;
        var seconds = Seconds(Cell(begun, "ElapsedTime(C)"));
        var rate = seconds > 0 ? long.Parse(Cell(begun, "TotalCallCreated"), CultureInfo.InvariantCulture) / seconds : 0;
        return new SippResult(calls, failed, rate, Seconds(Cell(last, "ElapsedTime(C)")));

        string Cell(string[] row, string name) => row[Array.IndexOf(names, name)];
        long Number(string name) => long.Parse(Cell(last, name), CultureInfo.InvariantCulture);
    }

    public string Errors()
    {
        var file = Path.Combine(_folder, "errors.log");
        return File.Exists(file) ? string.Join('\n', File.ReadLines(file).Take(12)) : "";
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // 00:00:12:345000, in hours, minutes, seconds and microseconds.
    private static double Seconds(string elapsed)
    {
        var parts = elapsed.Split(':').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return (parts[0] * 3600) + (parts[1] * 60) + parts[2] + (parts.Length > 3 ? parts[3] / 1e6 : 0);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
