using System.Net;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using ClickToDial.Sip.Transport.Tls;
using ClickToDial.TestKit.Tls;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Trunks that are known by what their certificates prove (mutual TLS), and by no address.</summary>
public sealed class TrunkIdentityTests : FlowTest
{
    private const string Proved = "sbc.carrier.example";
    private const string Us = "worker.example";

    private readonly TestAuthority _authority = new();

    protected override CallServerOptions Configure(CallServerOptions options) => options with
    {
        Sip = options.Sip with
        {
            Listen = [.. options.Sip.Listen, new SipListen(SipTransportKind.Tls, new IPEndPoint(IPAddress.Loopback, 0))],
            Tls = _authority.Issue("worker", Us) with { ClientCertificates = ClientCertificates.Asked },
        },
    };

    [Theory(DisplayName = "D4: a trunk with names to prove is known by its certificate (RFC 5922), whatever its address")]
    [InlineData(Proved, 180)]
    [InlineData("other.example", 404)]
    [InlineData("", 404)]
    public async Task Trunk_is_known_by_its_certificate(string name, int status)
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        await TrunkIsAsync("sip:192.0.2.1");
        await using var caller = new SipUa(Rig.SipAddress, options => options with
        {
            Listen = [new SipListen(SipTransportKind.Tls, new IPEndPoint(IPAddress.Loopback, 0))],
            Tls = _authority.Issue("caller", name.Length > 0 ? [name] : []),
        });
        var ours = Rig.Server.Listening.Single(listen => listen.Kind == SipTransportKind.Tls).Address;
        var dialled = Call(caller, new SipFlow(SipTransportKind.Tls, ours) { HostName = Us });
        Assert.Equal(status, (await dialled.ResponseAsync()).Status);
        // The caller may hear of the ringing before the phone has noted it.
        if (status == 180) await phone.RingsAsync();
        else Assert.Equal(0, phone.CallCount);
    }

    [Fact]
    public async Task Address_of_such_a_trunk_proves_nothing()
    {
        await using var caller = new SipUa(Rig.SipAddress);
        await TrunkIsAsync($"sip:{caller.Address}", sources: ["127.0.0.1"]);
        Assert.Equal(404, (await Call(caller, new SipFlow(SipTransportKind.Udp, Rig.SipAddress)).ResponseAsync()).Status);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _authority.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task TrunkIsAsync(string address, params string[] sources)
    {
        Rig.Functions.Publish(WorkerRig.Snapshot(
            new TrunkEntry("carrier", ["+49"], address, Settings: new TrunkSettings(Sources: sources, TlsNames: [Proved]))));
        return Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
    }

    private static SipUa.Dialled Call(SipUa caller, SipFlow flow)
    {
        var invite = caller.Endpoint.CreateRequest(
            SipMethod.Invite, SipUri.Parse($"sip:101@{Us}"), NameAddress.Parse("<sip:+12025550100@carrier.example>"),
            NameAddress.Parse($"<sip:101@{Us}>"), caller.Endpoint.ContactFor(flow, "carrier"));
        invite.SetBody(SipUa.Sdp("8"), "application/sdp");
        var dialled = new SipUa.Dialled(caller);
        dialled.Invite = caller.Endpoint.Invite(invite, flow, dialled);
        return dialled;
    }
}
