using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Directory;
using ClickToDial.TestKit.Peers;

namespace ClickToDial.Benchmarks.Sip;

/// <summary>The worker as it is shipped, as a process of its own, with a directory made for load.</summary>
internal sealed class BenchWorker : IDisposable
{
    public const string Address = "127.0.0.1";
    public const string Domain = "bench.test";
    public const string Device = "caller";
    public const string Password = "bench-password";
    public const int SipPort = 15060;
    public const int UserPort = 15070; // Where the device of the user of originated calls is.
    public const int TrunkPort = 15080;
    private const int ControlPort = 15090;
    private const string Token = "a token of the benchmark";

    private readonly string _program;
    private Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("bench-worker-").FullName;

    private BenchWorker(string program, EventSink? sink)
    {
        Sink = sink ?? new EventSink(DirectoryJson());
        _program = program;
        (Began, _process) = Begin();
    }

    public EventSink Sink { get; }

    /// <summary>When the process was asked for.</summary>
    public long Began { get; private set; }

    public string LogFile => Path.Combine(_folder, "worker.log");

    public static IPEndPoint Sip { get; } = new(IPAddress.Parse(Address), SipPort);

    /// <summary>CPU seconds of all its threads so far.</summary>
    public double CpuSeconds => ServerCpu.Seconds(_process.Id);

    /// <summary>Resident memory in kB.</summary>
    public long ResidentKilobytes => Status("VmRSS");

    public long Threads => Status("Threads");

    public int OpenFiles => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    public static BenchWorker Start(string program, EventSink? sink = null) => new(program, sink);

    public static async Task<BenchWorker> StartReadyAsync(string program)
    {
        var worker = new BenchWorker(program, null);
        await worker.ReadyAsync();
        return worker;
    }

    /// <summary>Kills it and starts it with the state that is left.</summary>
    public void Restart()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        (Began, _process) = Begin();
    }

    /// <summary>Returns when it takes calls.</summary>
    public async Task ReadyAsync()
    {
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://{Address}:{ControlPort}/healthz/ready"));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) when (!_process.HasExited && attempt < 400)
            {
                // It does not listen yet.
            }
            if (_process.HasExited || attempt >= 400) throw new InvalidOperationException($"The worker does not get ready:\n{Log()}");
            await Task.Delay(10);
        }
    }

    public static WorkerClient NewClient() => new(new Uri($"http://{Address}:{ControlPort}"), Token);

    /// <summary>Milliseconds from the start of the process to its first answer to OPTIONS.</summary>
    public double UntilFirstAnswer() => FirstAnswer.Wait(Sip, Began, Log);

    public string Log() => string.Join('\n', File.ReadAllLines(LogFile).TakeLast(20));

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Sink.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (long Began, Process Process) Begin()
    {
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$0\" >\"$1\" 2>&1", _program, LogFile]) { UseShellExecute = false };
        foreach (var (key, value) in Settings(Sink.Url)) start.Environment[key] = value;
        return (Stopwatch.GetTimestamp(), Process.Start(start)!);
    }

    private static byte[] DirectoryJson()
    {
        var everything = new DomainPolicy(["+"], [], MaxConcurrentCallsPerUser: 1_000_000);
        var user = DirectoryOf.User(Device, "+498912345", DirectoryOf.Device(Device, Domain, Password));
        var callee = DirectoryOf.User("callee", "+498912346", DirectoryOf.Device("callee", Domain, Password));
        var snapshot = new DirectorySnapshot(
            [DirectoryOf.Domain(Domain, user, callee) with { Policy = everything }],
            [new TrunkEntry("carrier", ["+"], $"sip:{Address}:{TrunkPort}")]);
        return JsonSerializer.SerializeToUtf8Bytes(snapshot, ContractsJson.Default.DirectorySnapshot);
    }

    private long Status(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private Dictionary<string, string> Settings(Uri functions) => new()
    {
        ["Worker__FunctionsUrl"] = functions.ToString(),
        ["Worker__ControlUrl"] = $"http://{Address}:{ControlPort}",
        ["Worker__ControlToken"] = Token,
        ["Worker__WorkerToken"] = Token,
        ["Worker__PbxToken"] = Token,
        ["Worker__StateFolder"] = Path.Combine(_folder, "state"),
        ["Worker__Name"] = "bench",
        ["Worker__MaxCalls"] = "20000",
        ["Sip__BindAddress"] = Address,
        ["Sip__UdpPort"] = SipPort.ToString(CultureInfo.InvariantCulture),
        ["Sip__TcpPort"] = "-1",
        ["Media__BindAddress"] = Address,
        ["Media__FirstPort"] = "40000",
        ["Media__LastPort"] = "59999",
        // A thousand calls a second of no length would keep 60,000 port pairs resting.
        ["Media__QuarantineSeconds"] = "0",
    };
}
