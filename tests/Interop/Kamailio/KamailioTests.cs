using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Interop.Sipp;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.Interop.Kamailio;

/// <summary>A trunk that registers with kamailio; sipp is the phone behind it, a scripted phone the user's.</summary>
public sealed class KamailioTests : IAsyncLifetime
{
    private const string Domain = "interop.test";
    private const string Did = "+498955001";

    private readonly PortBlock _ports = PortBlock.Take();
    private readonly PortBlock _workerPorts = PortBlock.Take();
    private readonly string _password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("interop-kamailio-").FullName;
    private FunctionsPeer _functions = null!;
    private WorkerSettings _settings = null!;
    private SuitePart _worker = null!;
    private WorkerClient _api = null!;
    private SippSettings _far = null!;
    private KamailioProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Tool.Kamailio.IsInstalled, Tool.Kamailio.Missing);
        Assert.SkipUnless(Tool.Sipp.IsInstalled, Tool.Sipp.Missing);
        _far = SippSettings.On(_ports) with { Domain = KamailioProxy.Domain, User = "far", Number = Did, EchoesMedia = true };
        var port = _ports.Next();
        _functions = await FunctionsPeer.StartAsync(NewDirectory(port), _ports.Next());
        _settings = new WorkerSettings(
            _functions.Url, RandomNumberGenerator.GetHexString(32), _functions.WorkerToken, _functions.PbxToken, _folder, _workerPorts);
        _worker = _settings.Part();
        _api = new WorkerClient(_settings.ControlUrl, _settings.ControlToken);
        _proxy = KamailioProxy.Start(port, _far.Port);
        await _worker.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_worker is not null) await _worker.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
        if (_functions is not null) await _functions.DisposeAsync();
        _ports.Dispose();
        _workerPorts.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Trunk_RegistersWithDigestAndAnswersItsHealth() => await RegisteredAsync();

    [Theory]
    [InlineData("answer", false)]
    [InlineData("answer-and-hang-up", true)]
    public async Task CallOut_GoesThroughTheProxyWithCredentialsAndEndsFromBothSides(string scenario, bool farHangsUp)
    {
        await RegisteredAsync();
        await using var phone = await PhoneAsync();
        await using var far = await SippRun.ListenAsync(scenario, _far);
        var call = await _api.OriginateAsync(new OriginateCommand(Domain, "101", "+4930123456", null, Prompt: false, RingTimeoutSeconds: 30));
        var ringing = await phone.RingsAsync();
        await ringing.AnswerAsync();
        await _functions.EventAsync(call, CallEventType.CallConnected);
        if (!farHangsUp)
        {
            await ringing.HearsAsync(phone.Hertz); // Its own tone, sent back by sipp.
            await ringing.HangUpAsync();
        }
        var end = await _functions.EndAsync(call);
        Assert.Equal(farHangsUp ? CallReasons.DestinationHungUp : CallReasons.UserHungUp, end.Outcome!.Reason);
        await far.PassesAsync();
    }

    [Theory]
    [InlineData("inbound-call", CallReasons.CallerHungUp)]
    [InlineData("inbound-call-hung-up", CallReasons.UserHungUp)]
    public async Task CallIn_ReachesOurRegistrationAndEndsFromBothSides(string scenario, string reason)
    {
        await RegisteredAsync();
        await using var phone = await PhoneAsync();
        await using var far = SippRun.Begin(scenario, $"127.0.0.1:{_proxy.Port}", _far);
        var ringing = await phone.RingsAsync();
        Assert.Equal("+12025550100", ringing.CallerNumber);
        await ringing.AnswerAsync();
        if (reason == CallReasons.UserHungUp)
        {
            await ringing.HearsAsync(phone.Hertz);
            await ringing.HangUpAsync();
        }
        var end = await _functions.Events.WaitAsync(e => e.Type == CallEventType.CallEnded, "the end of the call");
        Assert.Equal(new CallOutcome(CallResult.Answered, reason), end.Outcome);
        Assert.Equal((CallDirection.Inbound, "101", Did), (end.Call.Direction, end.Call.User, end.Call.Destination));
        await far.PassesAsync();
    }

    private Task<Phone> PhoneAsync() =>
        Phone.RegisteredAsync(new PhoneSettings(new IPEndPoint(IPAddress.Loopback, _settings.SipPort), Domain, "101", _password, 440));

    // A trunk that wants a registration is up only with it.
    private async Task RegisteredAsync()
    {
        using var http = new HttpClient { BaseAddress = _settings.ControlUrl };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = new CancellationTokenSource(Patience.Start);
        try
        {
            while (true)
            {
                var health = await http.GetFromJsonAsync<JsonElement>("/healthz", limit.Token);
                if (health.GetProperty("trunksUp").GetInt32() == 1) return;
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The trunk was not registered.{Environment.NewLine}{_proxy.LastOutput()}");
        }
    }

    private DirectorySnapshot NewDirectory(int port) => new(
        [DirectoryOf.Domain(Domain, DirectoryOf.User("101", "+498955001", DirectoryOf.Device("101", Domain, _password)) with { Numbers = [Did] })],
        [
            new TrunkEntry("carrier", ["+"], $"sip:{KamailioProxy.Domain}", KamailioProxy.Account, KamailioProxy.Password, Settings: new TrunkSettings(
                Servers: [new TrunkServer($"sip:127.0.0.1:{port}")],
                Registration: new TrunkRegistration(ExpiresSeconds: 120),
                Health: new TrunkHealth(IntervalSeconds: 5),
                InboundRules: [new NumberRule("00", "+")])),
        ]);
}
