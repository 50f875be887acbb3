using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Directory;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.App.Tests.Soak;

/// <summary>The functions as a process that can be killed, over an Azurite of their own, with two subscribers.</summary>
internal sealed class SoakSuite : IAsyncDisposable
{
    private const string Key = "ctd_soak_0123456789abcdef0123456789abcdef";
    private readonly PortBlock _ports = PortBlock.Take();
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("soak-");

    private SoakSuite()
    {
        Azurite = new AzuriteFixture { Data = _folder.CreateSubdirectory("azurite") };
        var port = _ports.Next();
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        Client.DefaultRequestHeaders.Add("X-Pbx-Token", AppRig.PbxToken);
        Subscribers = [new SoakSubscriber(_ports.Next()), new SoakSubscriber(_ports.Next())];
        Port = port;
    }

    public AzuriteFixture Azurite { get; }

    public SuitePart App { get; private set; } = null!;

    public HttpClient Client { get; }

    public IReadOnlyList<SoakSubscriber> Subscribers { get; }

    private int Port { get; }

    public static async Task<SoakSuite> StartAsync()
    {
        var suite = new SoakSuite();
        await suite.Azurite.InitializeAsync();
        foreach (var subscriber in suite.Subscribers) await subscriber.StartAsync();
        await File.WriteAllTextAsync(suite.SeedFile, JsonSerializer.Serialize(
            new Seed(
                [new SeedDomain("d1.test", [.. Enumerable.Range(101, 3).Select(i => new SeedUser($"{i}", [new SeedDevice($"{i}", "password-of-it")]))])],
                [new SeedKey(Key, "d1.test", ["calls:read", "webhooks"])],
                []),
            SeedJson.Default.Seed));
        suite.App = new SuitePart(
            new ChildProcessOptions("app", "dotnet", [typeof(AppComposition).Assembly.Location, .. suite.Settings().SelectMany(s => new[] { "--" + s.Key, s.Value })]),
            new Uri(suite.Client.BaseAddress!, "/healthz"));
        await suite.App.StartAsync();
        foreach (var subscriber in suite.Subscribers)
        {
            using var made = await suite.Client.PostAsJsonAsync("/api/webhooks", new { url = subscriber.Url, style = "call-event" });
            Assert.Equal(System.Net.HttpStatusCode.Created, made.StatusCode);
        }

        return suite;
    }

    /// <summary>
    /// Kills Azurite with all that it has answered in its files, as a storage service would have it: Azurite itself writes them every
    /// five seconds, so the functions hold still meanwhile.
    /// </summary>
    public async Task KillAzuriteAsync()
    {
        App.Process.Signal(ProcessSignal.Stop);
        try
        {
            await AzuriteSaves.SavedAsync(Azurite);
            await Azurite.KillAsync();
            await Azurite.StartAsync();
        }
        finally
        {
            App.Process.Signal(ProcessSignal.Continue);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (App is not null) await App.DisposeAsync();
        foreach (var subscriber in Subscribers) await subscriber.DisposeAsync();
        await Azurite.DisposeAsync();
        _ports.Dispose();
        _folder.Delete(recursive: true);
    }

    private string SeedFile => Path.Combine(_folder.FullName, "seed.json");

    private Dictionary<string, string> Settings() => new()
    {
        ["port"] = Port.ToString(CultureInfo.InvariantCulture),
        ["Logging:LogLevel:Default"] = "Warning",
        ["AppStorage"] = Azurite.ConnectionString,
        ["AzureWebJobsStorage"] = Azurite.ConnectionString,
        ["Directory:SeedFile"] = SeedFile,
        ["Directory:EncryptionKey"] = "test:" + new string('a', 64),
        ["Directory:WorkerTokens:0"] = AppRig.WorkerToken,
        ["Sessions:Issuer"] = "https://issuer.test",
        ["Sessions:KeyFile"] = Path.Combine(_folder.FullName, "session.pem"),
        // There is no worker: nobody calls.
        ["Worker:Url"] = "http://127.0.0.1:9/",
        ["Worker:ControlToken"] = WorkerPeer.ControlToken,
        ["Webhooks:PbxTokens:0"] = AppRig.PbxToken,
        // What is missing comes: no step is given up, even if a message has to wait for its lease.
        ["Webhooks:GapSeconds"] = "180",
        ["Deliveries:AtOncePerSubscriber"] = "24",
        ["Egress:AllowNetworks:0"] = "127.0.0.0/8",
        ["Egress:AllowPlainHttp"] = "true",
        ["Access:RequestsPerMinute"] = "1000000",
        ["AzureFunctionsJobHost:extensions:queues:visibilityTimeout"] = "00:00:02",
        ["AzureFunctionsJobHost:extensions:queues:batchSize"] = "32",
        ["AzureFunctionsJobHost:extensions:queues:newBatchThreshold"] = "16",
        ["AzureWebJobs.SweepCalls.Disabled"] = "true",
    };
}
