using ClickToDial.Calls.Tests.Support;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>The domain's destination policy holds whoever says where a call from outside goes.</summary>
public sealed class RoutingPolicyTests : FlowTest
{
    private const string Denied = "+4940555";

    protected override CallServerOptions Configure(CallServerOptions options) => options with { IncomingRouting = new ToDenied() };

    [Fact]
    public async Task Number_that_the_domain_denies_is_refused_although_the_routing_says_it()
    {
        await using var trunk = new SipUa(Rig.SipAddress);
        var snapshot = WorkerRig.Snapshot(new TrunkEntry("carrier", ["+49"], $"sip:{trunk.Address}", Domains: [WorkerRig.Domain]));
        Rig.Functions.Publish(snapshot with { Domains = [snapshot.Domains[0] with { Policy = new DomainPolicy(["+"], ["+4940"]) }] });
        await Rig.Server.DirectoryLearnsAsync(directory => directory.FindTrunk("carrier") is not null);
        var invite = trunk.Endpoint.CreateRequest(
            SipMethod.Invite, SipUri.Parse($"sip:+4930102@{Rig.SipAddress}"), NameAddress.Parse("<sip:+12025550100@carrier.example>"),
            NameAddress.Parse($"<sip:+4930102@{Rig.SipAddress}>"), SipUri.Parse($"sip:trunk@{trunk.Address}"));
        invite.SetBody(SipUa.Sdp("8"), "application/sdp");
        var dialled = new SipUa.Dialled(trunk);
        dialled.Invite = trunk.Endpoint.Invite(invite, new SipFlow(SipTransportKind.Udp, Rig.SipAddress), dialled);
        Assert.Equal(403, (await dialled.FinalAsync()).Status);
    }

    private sealed class ToDenied : IIncomingRouting
    {
        public ValueTask<IncomingAnswer> RouteAsync(IncomingQuestion question, CancellationToken stop) =>
            new(new IncomingAnswer.ToNumber(WorkerRig.Domain, WorkerRig.Snapshot().Domains[0].Users[0], Denied));
    }
}
