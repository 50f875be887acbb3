using System.Globalization;
using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Directory;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.Benchmarks.Ingest;

/// <summary>The functions as a process of their own, which takes events and answers queries, and processes nothing unless it is told to.</summary>
internal sealed class IngestApp : IAsyncDisposable
{
    public const string Domain = "bench.test";
    public const string Key = "ctd_bench_0123456789abcdef0123456789abcdef";
    public const string PbxToken = "pbx-token-of-the-benchmark";
    private readonly PortBlock _ports = PortBlock.Take();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bench-ingest-");
    private readonly SuitePart _app;
    private readonly SuitePart _bare;

    private IngestApp(string storage)
    {
        var (port, bare) = (_ports.Next(), _ports.Next());
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Bare = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{bare}") };
        _app = new SuitePart(
            new ChildProcessOptions("app", "dotnet", [typeof(AppComposition).Assembly.Location, .. Settings(storage, port).SelectMany(s => new[] { "--" + s.Key, s.Value })]),
            new Uri(Client.BaseAddress, "/healthz"));
        _bare = new SuitePart(
            new ChildProcessOptions("bare", "dotnet", [typeof(IngestApp).Assembly.Location, "serve-bare-queue", bare.ToString(CultureInfo.InvariantCulture), storage]),
            new Uri(Bare.BaseAddress, "/healthz"));
    }

    public HttpClient Client { get; }

    public HttpClient Bare { get; }

    public static async Task<IngestApp> StartAsync(string storage)
    {
        var app = new IngestApp(storage);
        var users = Enumerable.Range(101, 20).Select(i => new SeedUser($"{i}", [new SeedDevice($"{i}", "password-of-it")]));
        await File.WriteAllTextAsync(app.SeedFile, JsonSerializer.Serialize(
            new Seed([new SeedDomain(Domain, [.. users])], [new SeedKey(Key, Domain, ["calls:read"])], []), SeedJson.Default.Seed));
        await app._app.StartAsync();
        await app._bare.StartAsync();
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Bare.Dispose();
        await _app.DisposeAsync();
        await _bare.DisposeAsync();
        _ports.Dispose();
        _folder.Delete(recursive: true);
    }

    private string SeedFile => Path.Combine(_folder.FullName, "seed.json");

    private Dictionary<string, string> Settings(string storage, int port) => new()
    {
        ["port"] = port.ToString(CultureInfo.InvariantCulture),
        ["Logging:LogLevel:Default"] = "Warning",
        ["AppStorage"] = storage,
        ["AzureWebJobsStorage"] = storage,
        ["Directory:SeedFile"] = SeedFile,
        ["Directory:EncryptionKey"] = "bench:" + new string('b', 64),
        ["Directory:WorkerTokens:0"] = "worker-token-of-the-benchmark",
        ["Sessions:Issuer"] = "https://issuer.test",
        ["Sessions:KeyFile"] = Path.Combine(_folder.FullName, "session.pem"),
        ["Worker:Url"] = "http://127.0.0.1:9/",
        ["Worker:ControlToken"] = "control-token-of-the-benchmark",
        ["Webhooks:PbxTokens:0"] = PbxToken,
        ["Access:RequestsPerMinute"] = "1000000",
        // Both endpoints have storage for themselves while they are measured.
        ["AzureWebJobs.ProcessCallEvent.Disabled"] = "true",
        ["AzureWebJobs.SweepCalls.Disabled"] = "true",
    };
}
