using System.Net;
using System.Security.Cryptography;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Interop.Sipp;
using ClickToDial.Sip.Transport.Tls;
using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Baresip;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;
using ClickToDial.TestKit.Tls;

[assembly: Witnesses]

// Two cores: phones that talk at the same time would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ClickToDial.Interop.Worker;

/// <summary>The tests that share one worker, and sipp's two ports.</summary>
[CollectionDefinition(WorkerFixture.Collection)]
public sealed class WorkerShared : ICollectionFixture<WorkerFixture>;

/// <summary>One worker process, with a peer in place of the functions.</summary>
public sealed class WorkerFixture : IAsyncLifetime
{
    public const string Collection = "worker";
    public const string Domain = "interop.test";
    private const string Desk = "desk";
    private const int Accounts = 80;

    /// <summary>What who is on hold hears.</summary>
    public const double HoldHertz = 900;

    private readonly PortBlock _ports = PortBlock.Take();
    private readonly string _password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private readonly string _folder = Directory.CreateTempSubdirectory("interop-").FullName;
    private SuitePart _worker = null!;
    private int _account;
    private int _secured;

    /// <summary>The desk phone of user "desk".</summary>
    internal SippSettings DeskPhone { get; private set; } = null!;

    /// <summary>Where all trunks lead: numbers with +4930 by UDP, +4940 by TCP, +4950 with digest, +4960 when the other server refuses.</summary>
    internal SippSettings Carrier { get; private set; } = null!;

    /// <summary>The first server of the trunk for +4960.</summary>
    internal SippSettings OtherServer { get; private set; } = null!;

    public FunctionsPeer Functions { get; private set; } = null!;

    public WorkerClient Worker { get; private set; } = null!;

    public int SipPort { get; private set; }

    public int TlsPort { get; private set; }

    /// <summary>Signs the worker's certificate.</summary>
    public TestAuthority Authority { get; } = new();

    /// <summary>The worker's certificate.</summary>
    public TlsSettings Tls { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        DeskPhone = SippSettings.On(_ports) with { Domain = Domain, User = Desk, Password = _password };
        Tls = Authority.Issue("worker", "127.0.0.1", Domain);
        // The account that scenario digest-trunk knows.
        Carrier = SippSettings.On(_ports) with { Domain = "carrier.example", User = "click", Password = "carrier-password" };
        OtherServer = SippSettings.On(_ports) with { Domain = "carrier.example" };
        WavFile.OfTone(HoldHertz, TimeSpan.FromSeconds(2)).Write(Path.Combine(_folder, "hold.wav"));
        Functions = await FunctionsPeer.StartAsync(NewDirectory(), _ports.Next());
        var settings = new WorkerSettings(
            Functions.Url, RandomNumberGenerator.GetHexString(32), Functions.WorkerToken, Functions.PbxToken, _folder, PortBlock.Take())
        {
            More = new Dictionary<string, string?>
            {
                ["Sip__TlsCertificateFile"] = Tls.CertificateFile,
                ["Sip__TlsKeyFile"] = Tls.KeyFile,
                // Most phones here speak UDP: their keys travel in clear.
                ["Srtp__ClearSignalling"] = "Allow",
                ["Sounds__Folder"] = _folder,
            },
        };
        (SipPort, TlsPort) = (settings.SipPort, settings.TlsPort);
        _worker = settings.Part();
        Worker = new WorkerClient(settings.ControlUrl, settings.ControlToken);
        await _worker.StartAsync();
    }

    /// <summary>A click of the user of the desk phone.</summary>
    public Task<CallId> ClickAsync(string destination, bool prompt = false, int ringSeconds = 30, string user = Desk, string? callerId = null) =>
        Worker.OriginateAsync(new OriginateCommand(Domain, user, destination, callerId, prompt, ringSeconds));

    /// <summary>The desk phone registers, and then plays this.</summary>
    internal async Task<SippRun> DeskPhoneAsync(string scenario, bool tcp = false)
    {
        var settings = DeskPhone with { Tcp = tcp };
        await SippRun.PlayAsync("register", $"127.0.0.1:{SipPort}", settings);
        return await SippRun.ListenAsync(scenario, settings);
    }

    /// <summary>A registered scripted phone of a user of its own.</summary>
    public Task<Phone> PhoneAsync(double hertz)
    {
        var user = NextAccount();
        return Phone.RegisteredAsync(new PhoneSettings(new IPEndPoint(IPAddress.Loopback, SipPort), Domain, user, _password, hertz));
    }

    /// <param name="encryption">As baresip calls it; the directory asks for the same of the account.</param>
    internal async Task<BaresipPhone> BaresipAsync(double hertz, PortBlock ports, string codecs = "PCMA,PCMU", string? encryption = null)
    {
        var account = encryption switch { null => NextAccount(), "srtp" => $"optional{++_secured}", _ => $"required{++_secured}" };
        return await BaresipPhone.StartAsync(
            new BaresipSettings(Domain, account, _password, $"127.0.0.1:{SipPort}", hertz) { Codecs = codecs, Encryption = encryption }, ports);
    }

    /// <summary>The same by TLS; the phone believes the authority of the test and no other.</summary>
    internal Task<BaresipPhone> SecureBaresipAsync(double hertz, PortBlock ports) => BaresipPhone.StartAsync(
        new BaresipSettings(Domain, NextAccount(), _password, $"127.0.0.1:{TlsPort}", hertz) { RootFile = Authority.RootFile }, ports);

    /// <summary>Hangs up by the API and waits for the terminal event.</summary>
    public async Task<CallOutcome> HangUpAsync(CallId call)
    {
        await Worker.HangUpAsync(call);
        return (await Functions.EndAsync(call)).Outcome!;
    }

    public async ValueTask DisposeAsync()
    {
        Worker?.Dispose();
        if (_worker is not null) await _worker.DisposeAsync();
        if (Functions is not null) await Functions.DisposeAsync();
        _ports.Dispose();
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A user of its own for each phone: a phone of an earlier test is still registered, and would ring too.
    private string NextAccount() =>
        ++_account <= Accounts ? $"u{_account}" : throw new InvalidOperationException("The test directory has no more users.");

    private DirectorySnapshot NewDirectory() => new(
        [DirectoryOf.Domain(Domain, [NewUser(Desk), .. Enumerable.Range(1, Accounts).Select(n => NewUser($"u{n}")),
            .. Enumerable.Range(1, Accounts).Select(n => NewUser($"optional{n}", MediaProtection.Optional)),
            .. Enumerable.Range(1, Accounts).Select(n => NewUser($"required{n}", MediaProtection.Required))])],
        [
            new TrunkEntry("carrier", ["+4930"], $"sip:127.0.0.1:{Carrier.Port}", Settings: new TrunkSettings(
                InboundRules: [new NumberRule("00", "+"), new NumberRule("0", "+49", For: NumberSide.Called)])),
            new TrunkEntry("carrier-tcp", ["+4940"], $"sip:127.0.0.1:{Carrier.Port};transport=tcp"),
            new TrunkEntry("carrier-failover", ["+4960"], "sip:carrier.example", Settings: new TrunkSettings(
                Servers: [new TrunkServer($"sip:127.0.0.1:{OtherServer.Port}"), new TrunkServer($"sip:127.0.0.1:{Carrier.Port}", Priority: 1)])),
            new TrunkEntry("carrier-digest", ["+4950"], $"sip:127.0.0.1:{Carrier.Port}", Carrier.User, Carrier.Password),
        ]);

    /// <summary>The number at which a user of <see cref="PhoneAsync"/> is called from outside, as the carrier says it.</summary>
    public static string NationalNumberOf(string user) => $"08955{user[1..].PadLeft(3, '0')}";

    private UserEntry NewUser(string name, MediaProtection? srtp = null) =>
        DirectoryOf.User(name, "+498912345", DirectoryOf.Device(name, Domain, _password) with { Srtp = srtp }) with
        {
            Numbers = name[0] == 'u' ? ["+49" + NationalNumberOf(name)[1..]] : null,
        };
}
