using System.Net;
using System.Net.Sockets;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Resolution;
using ClickToDial.Sip.Tests.Resolution;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>A trunk that is known by its name alone (RFC 3263), in whole calls, with a name server of the test's own.</summary>
public sealed class NamedTrunkTests : FlowTest
{
    private const string Name = "carrier.example";
    private readonly ScriptedDns _dns = new();

    protected override CallServerOptions Configure(CallServerOptions options) => options with
    {
        Sip = options.Sip with { Resolver = new SipDnsResolver(new DnsSettings { Servers = [_dns.Address] }, TimeProvider.System) },
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _dns.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact(DisplayName = "D4: a trunk found by SRV is called, heard, and recognised when it calls")]
    public async Task Trunk_found_by_its_services_carries_calls_both_ways()
    {
        await using var phone = await Rig.PhoneAsync("101-a", hertz: 400, IncomingCall.Answer);
        await using var far = new Phone(new PhoneSettings(Rig.SipAddress, WorkerRig.Domain, "far", WorkerRig.Password, 800) { OnCall = IncomingCall.Answer });
        _dns.Srv($"_sip._udp.{Name}", 1, 1, far.Address.Port, "sbc.example").A("sbc.example", "127.0.0.1");
        await PublishAsync();

        var id = await OriginateAsync(WorkerRig.Command(Number));
        await (await far.RingsAsync()).HearsAsync(400);
        await (await phone.RingsAsync()).HearsAsync(800);
        await Rig.Api.HangUpAsync(id);
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
        Assert.Equal("named", ended.Legs![1].Trunk);
        Assert.Contains($"SRV _sip._udp.{Name}", _dns.Asked);
        Assert.Contains("A sbc.example", _dns.Asked);
    }

    [Fact(DisplayName = "D4: of the servers that a name stands for the next takes the call when the first is silent")]
    public async Task Silent_server_of_a_name_is_given_up_for_the_next()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var second = new SipUa(Rig.SipAddress);
        _dns.Srv($"_sip._udp.{Name}", 1, 1, ((IPEndPoint)silent.Client.LocalEndPoint!).Port, "one.example")
            .Srv($"_sip._udp.{Name}", 2, 1, second.Address.Port, "two.example")
            .A("one.example", "127.0.0.1").A("two.example", "127.0.0.1");
        await PublishAsync(new TrunkSettings(AnswerSeconds: 1));
        var id = await OriginateAsync(WorkerRig.Command(Number));
        second.Answer(await second.RequestAsync(), SipUa.Sdp("8"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        await Rig.Api.HangUpAsync(id);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task Name_that_stands_for_nothing_fails_the_call()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await PublishAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await EndsAsync(id, CallResult.Failed, CallReasons.DestinationUnreachable);
    }

    private Task PublishAsync(TrunkSettings? settings = null)
    {
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("named", ["+49"], $"sip:{Name}", Settings: settings)));
        return Rig.Server.DirectoryLearnsAsync(directory => directory.RouteTo(WorkerRig.Domain, Number) is Route.ToTrunk);
    }
}
