using System.Globalization;
using System.Net;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;
using ClickToDial.TestKit.Tls;

namespace ClickToDial.Worker.Tests.Support;

/// <summary>A worker process with a certificate, on every transport, with one user "101" who has the devices 101 and 101-b.</summary>
public sealed class WorkerProcess : IAsyncLifetime
{
    public const string Domain = "process.test";
    public const string Password = "secret";
    public const string Origin = "https://phone.example";

    private readonly PortBlock _ports = PortBlock.Take();
    private readonly string _folder = Directory.CreateTempSubdirectory("worker-test-").FullName;
    private SuitePart _worker = null!;

    public FunctionsPeer Functions { get; private set; } = null!;

    public WorkerClient Api { get; private set; } = null!;

    public WorkerSettings Settings { get; private set; } = null!;

    public TestAuthority Authority { get; } = new();

    public int WssPort { get; private set; }

    public Uri Ws => new($"ws://127.0.0.1:{Settings.ControlPort}/ws");

    public Uri Wss => new($"wss://127.0.0.1:{WssPort}/ws");

    public async ValueTask InitializeAsync()
    {
        var user = DirectoryOf.User("101", null, DirectoryOf.Device("101", Domain, Password), DirectoryOf.Device("101-b", Domain, Password));
        Functions = await FunctionsPeer.StartAsync(new DirectorySnapshot([DirectoryOf.Domain(Domain, user)], []), _ports.Next());
        WssPort = _ports.Next();
        var tls = Authority.Issue("worker", Domain, "127.0.0.1");
        Settings = new WorkerSettings(Functions.Url, "control-token-of-the-test", Functions.WorkerToken, Functions.PbxToken, _folder, _ports)
        {
            More = new Dictionary<string, string?>
            {
                ["Sip__TlsCertificateFile"] = tls.CertificateFile,
                ["Sip__TlsKeyFile"] = tls.KeyFile,
                ["Sip__WssPort"] = WssPort.ToString(CultureInfo.InvariantCulture),
                ["Sip__WebSocketOrigins"] = Origin,
                ["Sip__BindAddress"] = "127.0.0.1, ::1",
            },
        };
        _worker = Settings.Part();
        await _worker.StartAsync();
        Api = new WorkerClient(Settings.ControlUrl, Settings.ControlToken);
    }

    public Task<CallId> OriginateAsync(string destination) => Api.OriginateAsync(new OriginateCommand(Domain, "101", destination));

    public Task<Phone> PhoneAsync(IPAddress address) => Phone.RegisteredAsync(
        new PhoneSettings(new IPEndPoint(address, Settings.SipPort), Domain, "101", Password, 440));

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_worker is not null) await _worker.DisposeAsync();
        if (Functions is not null) await Functions.DisposeAsync();
        Authority.Dispose();
        _ports.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
