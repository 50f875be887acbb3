using System.Net;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Recording;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Secrets;
using ClickToDial.Calls.Sounds;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Plane;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>
/// A whole worker in the test's process: real SIP and RTP on loopback, the control API on Kestrel, and the functions' side as a
/// real HTTP server. Users 101 and 102 have the devices 101-a, 101-b and 102-a; numbers beginning with +49 go out by a trunk.
/// </summary>
public sealed class WorkerRig : IAsyncDisposable
{
    public const string Domain = "demo.local";
    public const string Password = "secret";

    /// <summary>What who is on hold hears: a tone, so that it can be told from speech.</summary>
    public const double HoldHertz = 523;

    private readonly TempFolder _folder = new();
    private readonly PortBlock _ports = PortBlock.Take();
    private string _controlToken = Guid.NewGuid().ToString("N");
    private WebApplication? _web;
    private CallServer? _server;
    private TimeProvider _time = TimeProvider.System;

    public FunctionsPeer Functions { get; private set; } = null!;

    public WorkerClient Api { get; private set; } = null!;

    public CallServer Server => _server!;

    public Uri ControlUrl => new(_web!.Urls.First());

    public string ControlToken => _controlToken;

    public IPEndPoint SipAddress => Server.Listening[0].Address;

    /// <summary>The far end of the trunk, once <see cref="UseTrunkAsync"/> made it.</summary>
    public Phone Trunk { get; private set; } = null!;

    /// <summary>Changes to what is started next.</summary>
    public Func<CallServerOptions, CallServerOptions> Configure { get; set; } = options => options;

    /// <param name="controlToken">Of several workers, which have the same and may call each other's phones; null for one that is alone.</param>
    public static async Task<WorkerRig> StartAsync(
        Func<CallServerOptions, CallServerOptions>? configure = null, TimeProvider? time = null, string? controlToken = null)
    {
        var rig = new WorkerRig { _time = time ?? TimeProvider.System, _hasFellows = controlToken is not null };
        if (controlToken is not null) rig._controlToken = controlToken;
        if (configure is not null) rig.Configure = configure;
        rig.Functions = await FunctionsPeer.StartAsync(Snapshot(), rig._ports.Next());
        await rig.StartWorkerAsync();
        return rig;
    }

    public static DirectorySnapshot Snapshot(params TrunkEntry[] trunks) => new(
        [
            DirectoryOf.Domain(
                Domain,
                DirectoryOf.User("101", "+4930101", Device("101-a"), Device("101-b")),
                DirectoryOf.User("102", null, Device("102-a"))),
        ],
        trunks);

    public async Task StartWorkerAsync(bool waitForDirectory = true)
    {
        var (first, last) = _mediaPorts ??= _ports.NextRange(80);
        var media = new MediaOptions { BindAddress = "127.0.0.1", FirstPort = first, LastPort = last, QuarantineSeconds = 0 };
        var sip = new SipEndpointOptions
        {
            Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, _sipPort ??= _ports.Next()))],
            Timers = TransactionTimers.Rfc3261 with { T1 = TimeSpan.FromMilliseconds(100) },
        };
        var options = Configure(new CallServerOptions(
            new CallOptions("worker-1"),
            new EventOptions(_folder.Sub("events"), "worker-1") { FirstRetry = TimeSpan.FromMilliseconds(10), LongestRetry = TimeSpan.FromMilliseconds(50) },
            new DirectoryOptions(Functions.Url, Functions.WorkerToken)
            {
                Interval = TimeSpan.FromMilliseconds(20),
                FirstRetry = TimeSpan.FromMilliseconds(10),
                LongestRetry = TimeSpan.FromMilliseconds(20),
            },
            sip,
            media)
        {
            BindingFile = _folder.Sub("registrations.jsonl"),
            PbxToken = Functions.PbxToken,
            ControlToken = _hasFellows ? new LiveSecret(_controlToken) : null,
            Sounds = new SoundOptions { Folder = Sound.In(_folder.Sub("sounds"), "hold", HoldHertz) },
            Recording = new RecordingSettings { Folder = _folder.Sub("recordings"), MinFreeMegabytes = 0 },
        });
        _server = await CallServer.StartAsync(options, _time, TestOutput.Factory);
        if (waitForDirectory) await _server.DirectoryKnown.WaitAsync(Patience.Limit);
        _web = await ServeControlAsync(TimeProvider.System);
        Api = new WorkerClient(ControlUrl, _controlToken);
    }

    /// <summary>The control API once more, by a clock of its own.</summary>
    public async Task<WebApplication> ServeControlAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.UseWebSockets();
        new ControlEndpoints(Server.Calls, _controlToken, Server.Recordings, time, Server.Fellows).Map(web);
        new HealthEndpoints(() => Server.Health).Map(web);
        await web.StartAsync();
        return web;
    }

    /// <summary>Ends the worker as a crash would: nothing is hung up, nothing is told.</summary>
    public async Task KillWorkerAsync()
    {
        Api.Dispose();
        await _web!.DisposeAsync();
        await _server!.DisposeAsync();
    }

    /// <summary>Makes the files of recordings what a crash leaves: a header that says no length, and half a sample at the end.</summary>
    public void TearRecordings()
    {
        foreach (var path in System.IO.Directory.GetFiles(_folder.Sub("recordings"), "*.wav"))
        {
            using var file = new FileStream(path, FileMode.Open);
            file.Position = 40;
            file.Write([0xFF, 0xFF, 0xFF, 0xFF]);
            file.Position = file.Length;
            file.WriteByte(1);
        }
    }

    public Task<Phone> PhoneAsync(string device, double hertz = 400, IncomingCall onCall = IncomingCall.Ring, PhoneCodec codec = PhoneCodec.Pcma, bool refusesOffers = false) =>
        Phone.RegisteredAsync(new PhoneSettings(SipAddress, Domain, device, Password, hertz) { OnCall = onCall, Codec = codec, RefusesOffers = refusesOffers });

    /// <summary>Puts a phone at the far end of the trunk and waits until the worker knows the trunk.</summary>
    public async Task<Phone> UseTrunkAsync(
        double hertz = 800, IncomingCall onCall = IncomingCall.Ring, PhoneCodec codec = PhoneCodec.Pcma, bool refusesOffers = false)
    {
        Trunk = new Phone(new PhoneSettings(SipAddress, Domain, "trunk", Password, hertz) { OnCall = onCall, Codec = codec, RefusesOffers = refusesOffers });
        Functions.Publish(Snapshot(new TrunkEntry("world", ["+49"], $"sip:{Trunk.Address}")));
        await Server.DirectoryLearnsAsync(directory => directory.RouteTo(Domain, "+4930123456") is Route.ToTrunk);
        return Trunk;
    }

    public static OriginateCommand Command(string destination, bool prompt = false, string? callerId = null) =>
        new(Domain, "101", destination, callerId, prompt, RingTimeoutSeconds: 20);

    public async ValueTask DisposeAsync()
    {
        await KillWorkerAsync();
        if (Trunk is not null) await Trunk.DisposeAsync();
        await Functions.DisposeAsync();
        _folder.Dispose();
        _ports.Dispose();
    }

    private bool _hasFellows;
    private int? _sipPort;
    private (int First, int Last)? _mediaPorts;

    private static DeviceEntry Device(string name) => DirectoryOf.Device(name, Domain, Password);
}
