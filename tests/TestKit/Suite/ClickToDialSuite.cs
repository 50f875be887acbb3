using System.Net;
using ClickToDial.Contracts.Calls;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.TestKit.Suite;

/// <summary>
/// The whole product as real processes on free ports with state of its own: Azurite, the functions, the worker. Each part
/// can be stopped, killed and started again; state survives that.
/// </summary>
public sealed class ClickToDialSuite : IAsyncDisposable
{
    private readonly PortBlock _ports = PortBlock.Take();
    private readonly PortBlock _workerPorts = PortBlock.Take();
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("click-to-dial-").FullName;
    private readonly SuiteSecrets _secrets = new();
    private readonly EventLog<string> _processed = new("events processed by the functions");
    private WorkerSettings _workerSettings = null!;
    private PortBlock? _secondPorts;
    private WorkerSettings? _secondSettings;

    public AzuriteFixture Azurite { get; } = new();

    public SuitePart Functions { get; private set; } = null!;

    public SuitePart Worker { get; private set; } = null!;

    /// <summary>Where <see cref="HasSecondWorker"/> asked for it.</summary>
    public SuitePart? SecondWorker { get; private set; }

    /// <summary>Two workers, which the functions find by what they say of themselves. Said while the suite is arranged.</summary>
    public bool HasSecondWorker { get; set; }

    /// <summary>Sees every event on its way from the worker to the functions.</summary>
    public EventTap Tap { get; private set; } = null!;

    public SuiteClient Api { get; private set; } = null!;

    public SuiteSeed Seed { get; private set; } = null!;

    public Uri FunctionsUrl { get; private set; } = null!;

    public Uri WorkerUrl => _workerSettings.ControlUrl;

    /// <summary>What the parts know of each other, none of which may be seen anywhere.</summary>
    public IReadOnlyList<string> Secrets =>
        [_secrets.ControlToken, _secrets.WorkerToken, _secrets.PbxToken, _secrets.HookSecret, _secrets.EncryptionKey, _secrets.SigningKey.Split('\n')[1], Seed.ApiKey];

    /// <summary>The spans that the parts have written so far, one JSON object a line.</summary>
    public IReadOnlyList<string> SpanLines() => [.. new[] { "functions", "worker" }.Select(SpanFile).Where(File.Exists).SelectMany(ReadShared)];

    /// <summary>More settings of the functions, said while the suite is arranged.</summary>
    public Dictionary<string, string?> FunctionsMore { get; } = [];

    /// <summary>More settings of the worker, said while the suite is arranged.</summary>
    public Dictionary<string, string?> WorkerMore { get; } = [];

    /// <summary>Where the parts write logs and spans.</summary>
    public string LogFolder => _folder;

    public string PbxToken => _secrets.PbxToken;

    /// <summary>Where phones register.</summary>
    public IPEndPoint Registrar { get; private set; } = null!;

    /// <summary>Where phones register with the second worker.</summary>
    public IPEndPoint SecondRegistrar => new(IPAddress.Loopback, _secondSettings!.SipPort);

    /// <summary>A free port for a phone that must be known before it starts, such as the far end of a trunk.</summary>
    public int NextPort() => _ports.Next();

    /// <summary>Why the suite cannot run on this machine; null when it can.</summary>
    public static string? Missing => AzuriteTool.Missing;

    /// <summary>Starts everything, in order, and waits until it is ready.</summary>
    /// <param name="arrange">Adds to the seed; may take ports.</param>
    /// <param name="progress">Told each step, for a person who watches.</param>
    public static async Task<ClickToDialSuite> StartAsync(
        Action<ClickToDialSuite, SuiteSeed>? arrange = null, Action<string>? progress = null)
    {
        var suite = new ClickToDialSuite();
        try
        {
            await suite.StartPartsAsync(arrange, progress ?? (_ => { }));
            return suite;
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Settings of a phone for a device of the seed.</summary>
    public PhoneSettings PhoneOf(string device, double hertz) => new(Registrar, Seed.Domain, device, Seed.PasswordOf(device), hertz) { Digest = "SHA-256" };

    /// <summary>A registered phone.</summary>
    public Task<Phone> RegisterAsync(string device, double hertz) => Phone.RegisteredAsync(PhoneOf(device, hertz));

    /// <summary>
    /// Waits until the API's answer about a call is as expected, asking again whenever the functions have processed an event:
    /// the row is written a moment after the event was accepted.
    /// </summary>
    public async Task<ApiAnswer> CallAsync(CallId call, Func<ApiAnswer, bool> expected, string what, TimeSpan? limit = null) =>
        await _processed.WaitForAsync(
            async () =>
            {
                var answer = await Api.GetCallAsync(call);
                return answer.Status == 200 && expected(answer) ? answer : null;
            },
            $"{what} of call {call}",
            limit);

    /// <summary>Waits until the API says that the call has ended and that no step of it is missing.</summary>
    public Task<ApiAnswer> EndedCallAsync(CallId call, TimeSpan? limit = null) =>
        CallAsync(call, a => a.Body!["complete"]!.GetValue<bool>(), "the end", limit);

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (Worker is not null) await Worker.DisposeAsync();
        if (SecondWorker is not null) await SecondWorker.DisposeAsync();
        if (Tap is not null) await Tap.DisposeAsync();
        if (Functions is not null) await Functions.DisposeAsync();
        await Azurite.DisposeAsync();
        _ports.Dispose();
        _workerPorts.Dispose();
        _secondPorts?.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private async Task StartPartsAsync(Action<ClickToDialSuite, SuiteSeed>? arrange, Action<string> progress)
    {
        Seed = new SuiteSeed(_secrets);
        arrange?.Invoke(this, Seed);
        var seedFile = Path.Combine(_folder, "seed.json");
        Seed.WriteTo(seedFile);
        progress("starting Azurite");
        await Azurite.StartAsync();
        var functionsPort = _ports.Next();
        FunctionsUrl = new Uri($"http://127.0.0.1:{functionsPort}");
        Tap = await EventTap.StartAsync(_ports.Next(), FunctionsUrl);
        _workerSettings = new WorkerSettings(
            Tap.Url, _secrets.ControlToken, _secrets.WorkerToken, _secrets.PbxToken, _folder, _workerPorts)
        {
            // Both, so that phones of either kind are at work.
            More = new Dictionary<string, string?>(WorkerMore)
            {
                ["Sip__DigestAlgorithms"] = "SHA-256,MD5",
                ["Telemetry__SpanFile"] = SpanFile("worker"),
                ["Browser__Issuer"] = FunctionsUrl.GetLeftPart(UriPartial.Authority),
                ["Hooks__Secret"] = _secrets.HookSecret,
            },
        };
        if (HasSecondWorker) ArrangeSecond();
        Registrar = new IPEndPoint(IPAddress.Loopback, _workerSettings.SipPort);
        progress("starting the functions");
        Functions = NewFunctions(functionsPort, seedFile);
        await Functions.StartAsync();
        progress("starting the worker");
        Worker = _workerSettings.Part();
        await Worker.StartAsync();
        if (_secondSettings is not null)
        {
            SecondWorker = _secondSettings.Part();
            await SecondWorker.StartAsync();
        }
        Api = new SuiteClient(FunctionsUrl, Seed.ApiKey);
    }

    private void ArrangeSecond()
    {
        FunctionsMore["Worker__Discover"] = "true";
        FunctionsMore["Worker__DiscoverNetworks__0"] = "127.0.0.0/8";
        _secondPorts = PortBlock.Take();
        var second = new WorkerSettings(
            Tap.Url, _secrets.ControlToken, _secrets.WorkerToken, _secrets.PbxToken, System.IO.Directory.CreateDirectory(Path.Combine(_folder, "second")).FullName, _secondPorts);
        _secondSettings = Announced(second with { More = _workerSettings.More }, "worker-2");
        _workerSettings = Announced(_workerSettings, "worker-1");

        WorkerSettings Announced(WorkerSettings settings, string name) => settings with
        {
            More = new Dictionary<string, string?>(settings.More)
            {
                ["Worker__Name"] = name,
                ["Worker__AnnounceUrl"] = settings.ControlUrl.ToString(),
                ["Telemetry__SpanFile"] = SpanFile(name),
            },
        };
    }

    private string SpanFile(string part) => Path.Combine(_folder, $"{part}.spans.jsonl");

    // It is being written; what has no end yet is not there yet.
    private static IEnumerable<string> ReadShared(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = file.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private SuitePart NewFunctions(int port, string seedFile) => new(
        new ChildProcessOptions(
            "functions",
            Product.FunctionsProgram,
            [],
            _folder,
            With(new FunctionsSettings(port, Azurite.ConnectionString, seedFile, _workerSettings.ControlUrl, _secrets, SpanFile("functions")).Environment(), FunctionsMore),
            Path.Combine(_folder, "functions.log"),
            OnLine: KeepIfProcessed),
        new Uri(FunctionsUrl, "/healthz"));

    private static Dictionary<string, string?> With(Dictionary<string, string?> settings, Dictionary<string, string?> more)
    {
        foreach (var (key, value) in more) settings[key] = value;
        return settings;
    }

    // Said by the host at level Debug.
    private void KeepIfProcessed(string line)
    {
        if (line.Contains("Executed ProcessCallEvent ", StringComparison.Ordinal)) _processed.Append(line);
    }
}
