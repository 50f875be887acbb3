using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Guard;
using ClickToDial.Core.Links;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Azure.ServiceBus;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Support;

/// <summary>
/// The whole function app, as Program builds it, on Kestrel and a real Azurite, with a peer for its worker. Tests share one and
/// take a domain each; a test that breaks things makes its own.
/// </summary>
public sealed class AppRig : IAsyncLifetime
{
    public const string PbxToken = "pbx-token-for-tests-1";
    public const string PreviousPbxToken = "pbx-token-for-tests-0";
    public const string OtherPbxToken = "pbx-token-of-another-pbx";
    public const string AcmeToken = "pbx-token-of-acme-1";
    public const string AcmePreviousToken = "pbx-token-of-acme-0";
    public const string SigningSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    public const string LinkPassword = "pass: wörd+1/2";
    public const string TurnUrl = "turn:turn.example.com:3478?transport=udp";
    public const string TurnSecret = "turn-secret-for-tests";
    public const string WcsKey = "wcs-key-for-tests-1";
    public const string WorkerToken = "worker-token-for-tests";
    public const string Origin = "https://crm.example.com";

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("app-");
    private IHost? _host;
    private int _nextDomain;

    /// <summary>How many domains are seeded; enough for all tests that share one rig.</summary>
    public int Domains { get; init; } = 500;

    public int ChainWaitSeconds { get; init; } = 600;

    /// <summary>One test at a time uses this app, and may put its clock forward.</summary>
    public bool MovesClock
    {
        init => Clock = new ShiftedClock(isShared: !value);
    }

    /// <summary>How long a request waits for storage, and an event for the queue: short only where a test waits for it.</summary>
    public int StorageSeconds { get; init; } = 20;

    /// <summary>Where events are queued, in place of Azurite; started and ended by whoever gives it.</summary>
    public ServiceBusBroker? Bus { get; init; }

    /// <summary>Where secrets are read from while the app runs; none by default.</summary>
    public string? SecretsFolder { get; init; }

    public AzuriteFixture Azurite { get; } = new();

    public WorkerPeer Worker { get; private set; } = null!;

    /// <summary>Null where it is missing.</summary>
    public ScriptRunnerPeer? Scripts { get; private set; }

    public HttpClient Client { get; private set; } = null!;

    public EventLog<LogLine> Logs { get; } = new("app log");

    public ShiftedClock Clock { get; private set; } = new(isShared: true);

    public StorageCount Storage { get; } = new();

    public StorageFaults Faults { get; } = new();

    public IServiceProvider Services => _host!.Services;

    public async ValueTask InitializeAsync()
    {
        if (AzuriteTool.Missing is not null) return;
        Witness.Call(Logs, l => l.Level >= LogLevel.Warning);
        await Azurite.InitializeAsync();
        Worker = await WorkerPeer.StartAsync();
        if (ScriptRunnerPeer.Missing is null) Scripts = await ScriptRunnerPeer.StartAsync();
        await File.WriteAllTextAsync(SeedFile, JsonSerializer.Serialize(MakeSeed(), SeedJson.Default.Seed));
        await StartAsync();
        await Logs.WaitAsync(l => l.Id == 1011, "the app is ready", TimeSpan.FromMinutes(5));
    }

    /// <summary>A domain of the seed that no other test has, with users 101, 102 and 103.</summary>
    public TestDomain NewDomain()
    {
        AzuriteFixture.SkipIfMissing();
        var number = Interlocked.Increment(ref _nextDomain);
        Assert.True(number <= Domains, "Seed more domains.");
        return new TestDomain(this, DomainName(number), $"ctd_key{number}_{Secret}", $"ctd_few{number}_{Secret}", $"ctd_adm{number}_{Secret}");
    }

    /// <summary>A domain of the seed by its name, which one test alone may use.</summary>
    public TestDomain Special(string name)
    {
        AzuriteFixture.SkipIfMissing();
        var id = name.Split('.')[0];
        return new TestDomain(this, name, $"ctd_key{id}_{Secret}", $"ctd_few{id}_{Secret}", $"ctd_adm{id}_{Secret}");
    }

    /// <summary>The app alone: storage and worker go on.</summary>
    public async Task RestartAsync()
    {
        await StopAppAsync();
        await StartAsync();
    }

    public async Task StartAsync()
    {
        _host = Build();
        Storage.Watch(_host.Services.GetRequiredService<IMeterFactory>());
        await _host.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(((WebApplication)_host).Urls.First()) };
    }

    /// <summary>Waits until an answer of the app is as wanted, looking again whenever the app has done something.</summary>
    public Task<T> UntilAsync<T>(Func<Task<T?>> look, string what)
        where T : class => Logs.WaitForAsync(look, what);

    public async Task StopAppAsync()
    {
        Client.Dispose();
        await _host!.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Witness.Dismiss(Logs);
        Storage.Dispose();
        if (_host is not null) await StopAppAsync();
        if (Worker is not null) await Worker.DisposeAsync();
        if (Scripts is not null) await Scripts.DisposeAsync();
        await Azurite.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public const string OperatorKey = $"ctd_operator_{Secret}";
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private string SeedFile => Path.Combine(_folder.FullName, "seed.json");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string DomainName(int number) => $"d{number}.test";

    private IHost Build()
    {
        var settings = Settings();
        if (SecretsFolder is not null)
        {
            settings.Remove("Sessions:KeyFile");
            settings["Secrets:Folder"] = SecretsFolder;
            settings["Secrets:EverySeconds"] = "1";
        }

        var builder = FunctionsApplication.CreateBuilder([.. settings.SelectMany(s => new[] { "--" + s.Key, s.Value })]);
        builder.Logging.ClearProviders().AddProvider(new EventLogProvider(Logs));
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddClickToDial();
        builder.Services.AddSingleton<TableCallStore>();
        builder.Services.AddSingleton(services => Faults.Over(services.GetRequiredService<TableCallStore>()));
        builder.Services.Configure<EmbeddedHostOptions>(host => host.FunctionAssembly = typeof(AppComposition).Assembly);
        return builder.Build();
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["port"] = "0",
        ["AppStorage"] = Azurite.ConnectionString,
        ["AzureWebJobsStorage"] = Azurite.ConnectionString,
        ["AppStorage:TimeoutSeconds"] = Text(StorageSeconds),
        ["EventBus"] = Bus?.ConnectionString ?? "",
        ["Directory:SeedFile"] = SeedFile,
        ["Directory:EncryptionKey"] = "test:" + new string('a', 64),
        ["Directory:WorkerTokens:0"] = WorkerToken,
        ["Sessions:Issuer"] = "https://issuer.test",
        ["Sessions:KeyFile"] = Path.Combine(_folder.FullName, "session.pem"),
        ["Worker:Url"] = Worker.Url.ToString(),
        ["Worker:ControlToken"] = WorkerPeer.ControlToken,
        ["Worker:DiscoverNetworks:0"] = "127.0.0.0/8",
        ["ScriptRunner:Url"] = Scripts?.Url.ToString() ?? "",
        ["ScriptRunner:Token"] = ScriptRunnerPeer.Token,
        // A loaded machine may be slow; what is waited for is waited for.
        ["Chains:AnswerSeconds"] = "60",
        ["Chains:WaitSeconds"] = Text(ChainWaitSeconds),
        ["Webhooks:PbxTokens:0"] = PbxToken,
        ["Webhooks:PbxTokens:1"] = "sha256:" + Core.Access.ApiKey.HashOf(PreviousPbxToken),
        ["Webhooks:DomainTokens:0"] = "other.test=" + OtherPbxToken,
        ["Webhooks:QueueTimeoutSeconds"] = Text(StorageSeconds),
        // Steps that are told at once, in any order, are all there long before.
        ["Webhooks:GapSeconds"] = "5",
        ["Webhooks:OperatorDomain"] = "operator.test",
        ["Webhooks:Sources:acme:Domain"] = "other.test",
        ["Webhooks:Sources:acme:Tokens:0"] = AcmeToken,
        ["Webhooks:Sources:acme:Tokens:1"] = AcmePreviousToken,
        ["Webhooks:Sources:acme:AllowFrom:0"] = "127.0.0.0/8",
        ["Webhooks:Sources:acme:AllowFrom:1"] = "2001:db8:1::/48",
        ["Webhooks:Sources:sworn:Domain"] = "other.test",
        ["Webhooks:Sources:sworn:Tokens:0"] = AcmeToken,
        ["Webhooks:Sources:sworn:MustSign"] = "true",
        ["Webhooks:Sources:signed:Domain"] = "other.test",
        ["Webhooks:Sources:signed:Tokens:0"] = AcmeToken,
        ["Webhooks:Sources:signed:SigningSecrets:0"] = SigningSecret,
        ["Turn:Urls:0"] = TurnUrl,
        ["Turn:Secret"] = TurnSecret,
        ["Hooks:Secrets:0"] = SigningSecret,
        ["Hooks:WcsKeys:0"] = WcsKey,
        ["Egress:AllowNetworks:0"] = "127.0.0.0/8",
        ["Egress:AllowPlainHttp"] = "true",
        ["Access:TrustedProxies:0"] = "127.0.0.1",
        ["Access:TrustedProxies:1"] = "192.0.2.0/24",
        // A failed message comes back at once.
        ["AzureFunctionsJobHost:extensions:queues:visibilityTimeout"] = "00:00:00",
        ["AzureWebJobs.ReplayDeadLetters.Disabled"] = "true",
        ["AzureWebJobs.SweepCalls.Disabled"] = "true",
        ["AzureWebJobs.PurgeExpired.Disabled"] = "true",
        ["AzureWebJobs.PurgeDeliveries.Disabled"] = "true",
        ["AzureWebJobs.PurgeBodies.Disabled"] = "true",
        ["AzureWebJobs.PurgeChains.Disabled"] = "true",
        ["AzureWebJobs.PurgeRecordings.Disabled"] = "true",
        ["AzureWebJobs.ResealSecrets.Disabled"] = "true",
        ["AzureWebJobs.WatchDeliveries.Disabled"] = "true",
    };

    private Seed MakeSeed() => new(
        [
            .. Enumerable.Range(1, Domains).Select(i => new SeedDomain(
                DomainName(i),
                [User("101", "101"), User("102", "102"), User("103", "103-desk", "103-mobile")],
                Origins: [Origin],
                Policy: new SeedPolicy(Allow: ["+"], Deny: ["+1900"], CallsPerMinutePerUser: 5, MaxCallSeconds: 600))),
            .. SpecialDomains,
            new SeedDomain("operator.test", []),
            new SeedDomain("other.test", [User("101", "101")], Origins: ["https://other.example.com"], Sounds: new DomainSounds("jazz", "de")),
        ],
        [
            .. Enumerable.Range(1, Domains).SelectMany(i => new[]
            {
                new SeedKey($"ctd_key{i}_{Secret}", DomainName(i), ["calls:write", "calls:read", "sessions"]),
                new SeedKey($"ctd_few{i}_{Secret}", DomainName(i), ["webhooks"]),
                new SeedKey($"ctd_adm{i}_{Secret}", DomainName(i), ["admin"]),
            }),
            .. SpecialDomains.SelectMany(d => new[]
            {
                new SeedKey($"ctd_key{d.Name.Split('.')[0]}_{Secret}", d.Name, ["calls:write", "calls:read", "sessions"]),
                new SeedKey($"ctd_adm{d.Name.Split('.')[0]}_{Secret}", d.Name, ["admin"]),
            }),
            new SeedKey(OperatorKey, "operator.test", ["admin"]),
        ],
        [new SeedTrunk("carrier", ["+"], "sip:127.0.0.1:5070", "user", "trunk-password", Settings: new(MaxCalls: 7, InboundRules: [new("00", "+")], Registration: new())), new SeedTrunk("off", ["+"], "sip:127.0.0.1:5071", Enabled: false)]);

    // A weekday that is neither today nor tomorrow, in whatever zone.
    private static string InThreeDays => TimeProvider.System.GetUtcNow().AddDays(3).DayOfWeek.ToString()[..3].ToLowerInvariant();

    /// <summary>Domains with settings of their own, each for one test.</summary>
    private static SeedDomain[] SpecialDomains =>
    [
        new("atonce.test", [User("101", "101"), User("102", "102")], Policy: new SeedPolicy(Limits: new SeedLimits(User: new CallLimits(Minute: 100, AtOnce: 2)))),
        new("places.test", [User("101", "101"), User("102", "102")], Policy: new SeedPolicy(Limits: new SeedLimits(Address: new CallLimits(Hour: 2), Destination: new CallLimits(Day: 3)))),
        new("chaincap.test", [User("101", "101")], Policy: new SeedPolicy(Limits: new SeedLimits(Address: new CallLimits(Hour: 1)))),
        new("home.test", [User("101", "101")], TimeZone: "Australia/Sydney", Policy: new SeedPolicy()),
        new("denied.test", [User("101", "101")], Policy: new SeedPolicy(Deny: ["+12025550142"])),
        new("onehour.test", [.. new[] { "key", "token", "integration", "link", "page", "transfer", "phone" }.Select(way => User("after-" + way, "after-" + way))],
            Policy: new SeedPolicy(Limits: new SeedLimits(User: new CallLimits(Hour: 1)))),
        new("closed.test", [User("101", "101")], Policy: new SeedPolicy(Hours: [$"{InThreeDays} 00:00-00:01"])),
        new("browser.test", [User("101", "101"), User("102", "102")], Aliases: new Dictionary<string, string> { ["sales"] = "+12025550142" },
            Policy: new SeedPolicy(CallsPerMinutePerUser: 300)),
        new("browserbusy.test", [User("101", "101")], Policy: new SeedPolicy(Limits: new SeedLimits(User: new CallLimits(AtOnce: 1)))),
        new("transfers.test", [User("101", "101")], Policy: new SeedPolicy(Limits: new SeedLimits(User: new CallLimits(AtOnce: 1)))),
        new("phones.test", [User("101", "101"), User("102", "102")], Policy: new SeedPolicy(CallsPerMinutePerUser: 300)),
        new("raceuser.test", [User("101", "101")], Policy: new SeedPolicy(Limits: new SeedLimits(User: new CallLimits(Minute: 2)))),
        new("raceaddress.test", [User("101", "101")], Policy: new SeedPolicy(Limits: new SeedLimits(PhoneAddress: new CallLimits(Day: 2)))),
        new("racenumber.test", [User("101", "101")], Policy: new SeedPolicy(Limits: new SeedLimits(Destination: new CallLimits(Hour: 2)))),
        new("ways.test", [User("101", "101"), User("102", "102")],
            Policy: new SeedPolicy(Limits: new SeedLimits(new CallLimits(Hour: 3), new CallLimits(Hour: 1), new CallLimits(Hour: 2), new CallLimits(Hour: 2)))),
        new("links.test", [Linked("101"), Linked("102"), User("103", "103")], Aliases: new Dictionary<string, string> { ["sales"] = "+12025550142" },
            Policy: new SeedPolicy(CallsPerMinutePerUser: 300, Limits: new SeedLimits(Destination: new CallLimits(300, 3000, 3000), Address: new CallLimits(300, 3000, 3000)))),
        new("linksold.test", [Linked("101")], Policy: new SeedPolicy(CallsPerMinutePerUser: 300), Links: new LinkSettings(Reuse: true, DialOnGet: true)),
        new("linksoff.test", [Linked("101")], Links: new LinkSettings(Challenge: false, Hashes: false, Passwords: false)),
        new("busy.test", [User("101", "101")], Policy: new SeedPolicy(CallsPerMinutePerUser: 3)),
    ];

    private static SeedUser Linked(string name) => User(name, name) with { LinkPassword = LinkPassword };

    private static SeedUser User(string name, params string[] devices) =>
        new(name, [.. devices.Select(d => new SeedDevice(d, "password-" + d))], CallerId: "+12025550199");
}
