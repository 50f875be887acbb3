using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Directory;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.App.Tests.Actions.Kills;

/// <summary>The functions as a process of their own, with a life after each death on the same address and storage.</summary>
internal sealed class KillableApp : IAsyncDisposable
{
    public const string Domain = "kill.test";
    public const string Key = $"ctd_call_{Secret}";
    public const string AdminKey = $"ctd_admin_{Secret}";
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly PortBlock _ports = PortBlock.Take();
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("kill-");
    private readonly AzuriteFixture _azurite = new();
    private readonly int _port;
    private ScriptRunnerPeer? _scripts;
    private ChildProcess? _process;
    private Task _end = Task.CompletedTask;
    private volatile TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KillableApp() => (_port, Client) = (_ports.Next(), null!);

    public HttpClient Client { get; private set; }

    public WorkerPeer Worker { get; private set; } = null!;

    /// <param name="agents">Their names are a1, a2 and so on.</param>
    public static async Task<KillableApp> PrepareAsync(int agents)
    {
        var app = new KillableApp();
        app.Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{app._port}"), Timeout = TimeSpan.FromMinutes(2) };
        await app._azurite.InitializeAsync();
        app.Worker = await WorkerPeer.StartAsync();
        app._scripts = await ScriptRunnerPeer.StartAsync();
        var seed = new Seed(
            [new SeedDomain(Domain, [.. Enumerable.Range(1, agents).Select(i => new SeedUser($"a{i}", [new SeedDevice($"a{i}", $"password-{i}")]))])],
            [new SeedKey(Key, Domain, ["calls:write", "calls:read"]), new SeedKey(AdminKey, Domain, ["admin"])]);
        await File.WriteAllTextAsync(app.SeedFile, JsonSerializer.Serialize(seed, SeedJson.Default.Seed));
        return app;
    }

    private string SeedFile => Path.Combine(_folder.FullName, "seed.json");

    /// <summary>Completes while a life takes requests.</summary>
    public Task UpAsync() => _up.Task.WaitAsync(Patience.Start);

    /// <summary>One life.</summary>
    /// <param name="moment">When it dies, counted in requests it makes from the first script on: before one goes out, or after its answer has come; 0 for never.</param>
    /// <returns>Completes with its end: whether it died as it was to.</returns>
    public async Task<Task<bool>> LiveAsync(int moment)
    {
        if (_process is not null) await _process.DisposeAsync();
        await _end;
        var up = _up;
        var process = ChildProcess.Start(new ChildProcessOptions(
            "functions", Product.FunctionsProgram, [], _folder.FullName, Environment(moment),
            OnLine: line =>
            {
                if (line.Contains("Tables, queue and directory are ready", StringComparison.Ordinal)) up.TrySetResult();
            }));
        _process = process;
        var end = EndAsync(process, moment);
        _end = end;
        return end;
    }

    public async Task StopAsync()
    {
        if (_process is { IsRunning: true }) await _process.TerminateAsync(Patience.Start);
    }

    public async Task<IReadOnlyList<TableEntity>> RowsAsync(string table, string filter)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in new TableClient(_azurite.ConnectionString, table).QueryAsync<TableEntity>(filter)) rows.Add(row);
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_scripts is not null) await _scripts.DisposeAsync();
        if (Worker is not null) await Worker.DisposeAsync();
        await _azurite.DisposeAsync();
        Client.Dispose();
        _ports.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> EndAsync(ChildProcess process, int moment)
    {
        var code = await process.Exited;
        // Who waits for a life that was too short goes on waiting for the next.
        if (_up.Task.IsCompleted) _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var died = moment > 0 && code == 128 + (int)ProcessSignal.Kill;
        Assert.True(died || code == 0 || moment == 0, $"It ended with {code}. {process.LastOutput()}");
        return died;
    }

    private Dictionary<string, string?> Environment(int moment) => new()
    {
        ["DOTNET_STARTUP_HOOKS"] = HookPath(),
        ["FATE_MOMENT"] = moment.ToString(CultureInfo.InvariantCulture),
        // Before it has run a script, it has done nothing that could be done twice.
        ["FATE_SINCE"] = "/v1/runs",
        ["Logging__LogLevel__Default"] = "Information",
        ["FUNCTIONS_PORT"] = _port.ToString(CultureInfo.InvariantCulture),
        ["AzureWebJobsStorage"] = _azurite.ConnectionString,
        ["AppStorage"] = _azurite.ConnectionString,
        ["AppStorage__TimeoutSeconds"] = "20",
        ["Directory__SeedFile"] = SeedFile,
        ["Directory__WorkerTokens__0"] = AppRig.WorkerToken,
        ["Directory__EncryptionKey"] = "test:" + new string('a', 64),
        ["Sessions__Issuer"] = "https://issuer.test",
        ["Sessions__KeyFile"] = Path.Combine(_folder.FullName, "session.pem"),
        ["Worker__Url"] = Worker.Url.ToString(),
        ["Worker__ControlToken"] = WorkerPeer.ControlToken,
        ["ScriptRunner__Url"] = _scripts!.Url.ToString(),
        ["ScriptRunner__Token"] = ScriptRunnerPeer.Token,
        ["Webhooks__PbxTokens__0"] = AppRig.PbxToken,
        ["Access__RequestsPerMinute"] = "1000000",
        // A dead host's chains are taken up when its lease is over.
        ["EmbeddedHost__DurableLease"] = "00:00:01",
        ["EmbeddedHost__DurablePoll"] = "00:00:00.200",
    };

    /// <summary>Beside this test's own output folder, in the same configuration.</summary>
    private static string HookPath() => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory.Replace("App.Tests", "DurableHost", StringComparison.Ordinal), "ClickToDial.DurableHost.dll"));
}
