using System.Net;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Devices and trunks that come by TCP.</summary>
public sealed class StreamTests : FlowTest
{
    private IPEndPoint Tcp => Rig.Server.Listening.First(listen => listen.Kind == SipTransportKind.Tcp).Address;

    protected override CallServerOptions Configure(CallServerOptions options) => options with
    {
        Sip = options.Sip with { Listen = [.. options.Sip.Listen, new SipListen(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0))] },
    };

    [Fact(DisplayName = "D4: a device registers over TCP, is challenged, called by its connection, and unregisters")]
    public async Task Device_on_tcp_is_called_by_the_connection_it_registered_on()
    {
        await using var device = new SipUa(Tcp, kind: SipTransportKind.Tcp);
        // Nobody listens at its contact: only its own connection leads there.
        var registered = await device.RegisterAsync("101-a", "<sip:101-a@127.0.0.1:9;transport=tcp>");
        Assert.Equal(200, registered.Status);
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        var invite = await device.RequestAsync();
        Assert.Equal(SipTransportKind.Tcp, invite.Flow.Kind);
        device.Answer(invite, SipUa.Sdp("8"), contactUri: $"sip:ua@{device.Address};transport=tcp");
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.HangUpAsync(id);
        var bye = await device.InDialogAsync();
        Assert.Equal((SipMethod.Bye, SipTransportKind.Tcp), (bye.Request.Method, bye.Flow.Kind));
        bye.Respond(200);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);

        Assert.Equal(200, (await device.RegisterAsync("101-a", "*", expires: 0)).Status);
        await EndsAsync(await OriginateAsync(WorkerRig.Command("echo")), CallResult.Failed, CallReasons.UserNotRegistered);
    }

    [Fact(DisplayName = "D4: a trunk on TCP that writes our domain into From is known by its address, and a device there still has to prove itself")]
    public async Task Trunk_on_tcp_is_not_taken_for_a_device()
    {
        await using var phone = await Rig.PhoneAsync("102-a");
        await using var trunk = new SipUa(Tcp, kind: SipTransportKind.Tcp);
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("carrier", ["+49"], $"sip:{trunk.Address};transport=tcp", Settings: new TrunkSettings(Sources: ["127.0.0.1"]))));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
        var call = trunk.Dial("102", SipUa.Sdp("8"), change: invite => invite.From = NameAddress.Parse($"<sip:+12025550100@{WorkerRig.Domain}>;tag=out"));
        Assert.Equal(180, (await call.ResponseAsync()).Status);
        Assert.Equal("+12025550100", (await phone.RingsAsync()).CallerNumber);
        var started = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallStarted, "the call");
        Assert.Equal(CallDirection.Inbound, started.Call.Direction);
        call.Invite.Cancel();

        Assert.Equal(407, (await trunk.Dial("102", SipUa.Sdp("8"), password: "wrong").FinalAsync()).Status);
    }
}
