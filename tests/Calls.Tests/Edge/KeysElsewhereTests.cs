using System.Net;
using System.Text;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Tls;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>SRTP keys in SDP, and a phone that moves to a worker whose link shows them.</summary>
[Trait("row", "D6")]
public sealed class KeysElsewhereTests : TwoWorkersTest
{
    private const string Us = "worker.example";
    private const string CallId = "the-phone";

    private readonly TestAuthority _authority = new();

    [Fact(DisplayName = "D6: a phone that talks under keys and moves from TLS to a worker behind a link in the clear is made no new offer: it is as if it had refused, and the call goes on")]
    public async Task Phone_moves_from_tls()
    {
        await DemandKeysAsync();
        await using var far = await Calls.PhoneAsync("102-a", 800, IncomingCall.Answer);
        await using var device = OverTls();
        Assert.Equal(200, (await RegisterAsync(device, 1)).Status);
        var id = await OriginateAsync("102");
        var invite = await device.RequestAsync();
        var dialog = device.Answer(invite, AnswerTo(Encoding.ASCII.GetString(invite.Request.Body.Span)), contactUri: "sip:101-a@127.0.0.1:9;transport=tls");
        await Calls.Functions.EventAsync(id, CallEventType.CallConnected);

        await using var moved = new SipUa(Phones.SipAddress);
        dialog.User = moved;
        moved.Endpoint.Dialogs.Add(dialog);
        Assert.Equal(200, (await RegisterAsync(moved, 100)).Status);
        await KnownAsync("101");
        await Calls.Api.OrderAsync(id, "hold", new LegCommand("destination"));
        await Calls.Functions.EventAsync(id, CallEventType.CallHeld);
        var hungUp = Calls.Api.HangUpAsync(id);
        var first = await moved.InDialogAsync();
        Assert.Equal(SipMethod.Bye, first.Request.Method);
        first.Respond(200);
        await hungUp;
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact(DisplayName = "D6: a phone that demands keys and keeps a flow at two workers is rung over the one that may carry them, however new the other is")]
    public async Task Phone_is_at_both()
    {
        await DemandKeysAsync();
        await using var device = OverTls();
        Assert.Equal(200, (await RegisterFlowAsync(device, 1)).Status);
        await using var newer = new SipUa(Phones.SipAddress);
        Assert.Equal(200, (await RegisterFlowAsync(newer, 2)).Status);
        await KnownAsync("101");
        var id = await OriginateAsync("102");
        var invite = await device.RequestAsync();
        Assert.Equal(SipMethod.Invite, invite.Request.Method);
        Assert.Contains("a=crypto:", Encoding.ASCII.GetString(invite.Request.Body.Span), StringComparison.Ordinal);
        invite.Respond(486);
        await EndsAsync(id, CallResult.Busy, CallReasons.UserBusy);
    }

    private async Task DemandKeysAsync()
    {
        Calls.Functions.Publish(new DirectorySnapshot(
            [DirectoryOf.Domain(WorkerRig.Domain, DirectoryOf.User("101", null, Device("101-a") with { Srtp = MediaProtection.Required }), DirectoryOf.User("102", null, Device("102-a")))], []));
        await Calls.Server.DirectoryLearnsAsync(directory => directory.FindDevice(WorkerRig.Domain, "101-a")?.Device.Srtp == MediaProtection.Required);
    }

    private SipUa OverTls() => new(
        Calls.Server.Listening.Single(listen => listen.Kind == SipTransportKind.Tls).Address, options => options with { Tls = _authority.Issue("phone") }, SipTransportKind.Tls, Us);

    protected override CallServerOptions OfCalls(CallServerOptions options) => options with
    {
        Sip = options.Sip with
        {
            Listen = [.. options.Sip.Listen, new SipListen(SipTransportKind.Tls, new IPEndPoint(IPAddress.Loopback, 0))],
            Tls = _authority.Issue("worker", Us),
        },
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _authority.Dispose();
        GC.SuppressFinalize(this);
    }

    private static DeviceEntry Device(string name) => DirectoryOf.Device(name, WorkerRig.Domain, WorkerRig.Password);

    // One phone, wherever it is.
    private static Task<SipResponse> RegisterAsync(SipUa at, uint sequence) => at.RegisterAsync("101-a", "<sip:101-a@127.0.0.1:9>", more: register =>
    {
        register.Headers.Set(HeaderName.CallId, CallId);
        register.CSeq = new CSeq(sequence, SipMethod.Register);
    });

    // RFC 5626 section 4.2: of one device, each flow has a number.
    private static Task<SipResponse> RegisterFlowAsync(SipUa at, int id) => at.RegisterAsync(
        "101-a", $"<sip:101-a@127.0.0.1:9;ob>;+sip.instance=\"<urn:uuid:0>\";reg-id={id}", more: register => register.Headers.Add(HeaderName.Supported, "outbound"));

    private static byte[] AnswerTo(string offer)
    {
        var tag = offer.Split("\r\n").First(line => line.StartsWith("a=crypto:", StringComparison.Ordinal) && line.Contains("HMAC_SHA1_80", StringComparison.Ordinal))["a=crypto:".Length..].Split(' ')[0];
        var key = $"a=crypto:{tag} AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n";
        return Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(SipUa.Sdp("8", key)).Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal));
    }
}
