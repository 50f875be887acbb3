using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Plane;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>
/// D4: ends of either address family, on a worker that has both. A phone of one family cannot send to an address of the other, so what is
/// heard shows which one it was given.
/// </summary>
public sealed class AddressFamilyTests : FlowTest
{
    private IPEndPoint Sip6 => Rig.Server.Listening[^1].Address;

    protected override CallServerOptions Configure(CallServerOptions options)
    {
        if (!Socket.OSSupportsIPv6) Assert.Skip("This machine has no IPv6.");
        var media = new MediaOptions
        {
            BindAddress = "::",
            PublicAddress = "127.0.0.1",
            PublicAddress6 = "::1",
            FirstPort = options.Media.FirstPort,
            LastPort = options.Media.LastPort,
            QuarantineSeconds = 0,
        };
        var listen = new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.IPv6Loopback, 0));
        return options with { Media = media, Sip = options.Sip with { Listen = [.. options.Sip.Listen, listen] } };
    }

    [Fact]
    public async Task User_by_IPv6_and_trunk_by_IPv4_hear_each_other()
    {
        await using var phone = await Phone6Async("101-a", hertz: 400);
        var trunk = await Rig.UseTrunkAsync(hertz: 800, onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var userCall = await phone.RingsAsync();
        await userCall.AnswerAsync();
        var farCall = await trunk.RingsAsync();

        await userCall.HearsAsync(800);
        await farCall.HearsAsync(400);
        await userCall.HangUpAsync();
        var ended = await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
        Assert.All(ended.Legs!, leg => Assert.Equal(0, leg.Media!.PacketsLost));
    }

    [Fact]
    public async Task Devices_of_both_families_ring_for_one_user_and_each_is_offered_an_address_of_its_own()
    {
        await using var four = await Rig.PhoneAsync("101-a");
        await using var six = new SipUa(Sip6, ByIPv6);
        await six.RegisterAsync("101-b");
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        var offered = await six.RequestAsync();
        Assert.Contains("c=IN IP6 ::1\r\n", Text(offered.Request), StringComparison.Ordinal);
        Assert.Matches("o=- [0-9]+ [0-9]+ IN IP6 ::1\r\n", Text(offered.Request));

        var call = await four.RingsAsync();
        await call.AnswerAsync(); // The test would end here were it given ::1 to send to: its own echo is all it hears.
        await call.HearsAsync(400);
        await call.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact]
    public async Task Device_of_the_other_family_is_offered_its_address_again_in_the_call()
    {
        await using var six = new SipUa(Sip6, ByIPv6);
        await six.RegisterAsync("101-b");
        await using var far = new SipUa(Rig.SipAddress);
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("world", ["+49"], $"sip:{far.Address}")));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.RouteTo(WorkerRig.Domain, Number) is Calls.Directory.Route.ToTrunk);
        await OriginateAsync(WorkerRig.Command(Number));
        six.Answer(await six.RequestAsync(), Sdp6("9"));
        var farInvite = await far.RequestAsync();
        Assert.Contains("c=IN IP4 127.0.0.1\r\n", Text(farInvite.Request), StringComparison.Ordinal);
        far.Answer(farInvite, SipUa.Sdp("8"));
        Assert.Contains("c=IN IP6 ::1\r\n", Text((await six.InDialogAsync()).Request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_dials_by_IPv6_is_told_an_address_of_it(bool late)
    {
        await using var six = new SipUa(Sip6, ByIPv6);
        var dialled = six.Dial("echo", late ? [] : Sdp6("8"));
        var ok = await dialled.FinalAsync();
        Assert.Equal(200, ok.Status);
        Assert.Contains("c=IN IP6 ::1\r\n", Text(ok), StringComparison.Ordinal);
        dialled.Invite.Acknowledge(dialled.Dialog!, late ? Sdp6("8") : default, "application/sdp");
        Assert.Equal(200, (await six.AskAsync(dialled.Dialog!, SipMethod.Bye)).Status);
    }

    [Fact]
    public async Task Who_signals_by_IPv6_and_wants_its_sound_by_IPv4_gets_it_there()
    {
        await using var six = new SipUa(Sip6, ByIPv6);
        var ok = await six.Dial("echo", SipUa.Sdp("8")).FinalAsync();
        Assert.Contains("c=IN IP4 127.0.0.1\r\n", Text(ok), StringComparison.Ordinal);
    }

    private static SipEndpointOptions ByIPv6(SipEndpointOptions options) =>
        options with { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.IPv6Loopback, 0))] };

    private static byte[] Sdp6(string formats) => Encoding.ASCII.GetBytes(
        Encoding.ASCII.GetString(SipUa.Sdp(formats)).Replace("IP4 127.0.0.1", "IP6 ::1", StringComparison.Ordinal));

    private Task<Phone> Phone6Async(string device, double hertz) =>
        Phone.RegisteredAsync(new PhoneSettings(Sip6, WorkerRig.Domain, device, WorkerRig.Password, hertz));
}
