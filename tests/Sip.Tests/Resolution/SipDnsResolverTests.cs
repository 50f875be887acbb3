using System.Net;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Resolution;
using ClickToDial.Sip.Tests.Endpoint;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Sip.Tests.Resolution;

/// <summary>RFC 3263 section 4 against a name server on loopback.</summary>
public sealed class SipDnsResolverTests : IAsyncDisposable
{
    private readonly ScriptedDns _dns = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task NAPTR_chooses_transports_SRV_hosts_and_A_and_AAAA_addresses()
    {
        _dns.Naptr("trunk.example", 20, 1, "s", "SIP+D2U", "_sip._udp.trunk.example")
            .Naptr("trunk.example", 10, 2, "S", "sip+d2t", "_sip._tcp.trunk.example")
            .Naptr("trunk.example", 10, 1, "s", "SIPS+D2T", "_sips._tcp.trunk.example")
            .Naptr("trunk.example", 1, 1, "u", "E2U+sip", "")
            .Srv("_sips._tcp.trunk.example", 1, 0, 5071, "one.example")
            .Srv("_sip._tcp.trunk.example", 1, 0, 5070, "one.example")
            .Srv("_sip._udp.trunk.example", 2, 0, 5090, "two.example")
            .Srv("_sip._udp.trunk.example", 1, 0, 5080, "one.example")
            .A("one.example", "192.0.2.1").Aaaa("one.example", "2001:db8::1").A("two.example", "192.0.2.2");

        Assert.Equal(
            ["TLS/192.0.2.1:5071", "TLS/[2001:db8::1]:5071", "TCP/192.0.2.1:5070", "TCP/[2001:db8::1]:5070",
            "UDP/192.0.2.1:5080", "UDP/[2001:db8::1]:5080", "UDP/192.0.2.2:5090"],
            await Find("sip:trunk.example"));
        Assert.Equal(["TLS/192.0.2.1:5071", "TLS/[2001:db8::1]:5071"], await Find("sips:trunk.example"));
        var secure = (await Resolver().ResolveAsync(SipUri.Parse("sips:trunk.example"), default))[0];
        Assert.Equal("trunk.example", secure.HostName); // Not the name SRV led to.
    }

    [Theory]
    [InlineData("sip:host.example", "UDP/192.0.2.1:5060")]
    [InlineData("sip:host.example:5099", "UDP/192.0.2.1:5099")]
    [InlineData("sip:host.example;transport=tcp", "TCP/192.0.2.1:5060")]
    [InlineData("sip:host.example;transport=ws", "WS/192.0.2.1:80")]
    [InlineData("sips:host.example", "TLS/192.0.2.1:5061")]
    [InlineData("sip:HOST.example.", "UDP/192.0.2.1:5060")]
    [InlineData("sip:alias.example", "UDP/192.0.2.1:5060")]
    [InlineData("sip:192.0.2.7", "UDP/192.0.2.7:5060")]
    [InlineData("sip:nobody.example", "")]
    [InlineData("sip:host.example;transport=carrier-pigeon", "")]
    public async Task Without_services_the_host_itself_is_the_target(string uri, string expected)
    {
        _dns.A("host.example", "192.0.2.1").Alias("alias.example", "host.example", DnsType.A);

        Assert.Equal(expected, string.Join(' ', await Find(uri)));
    }

    [Fact]
    public async Task Without_NAPTR_the_services_of_both_transports_are_asked_for_and_a_named_one_alone()
    {
        _dns.Srv("_sip._tcp.trunk.example", 0, 0, 5070, "one.example").Srv("_sip._udp.trunk.example", 0, 0, 5080, "one.example").A("one.example", "192.0.2.1");

        Assert.Equal(["UDP/192.0.2.1:5080", "TCP/192.0.2.1:5070"], await Find("sip:trunk.example"));
        Assert.Equal(["TCP/192.0.2.1:5070"], await Find("sip:trunk.example;transport=tcp"));
    }

    [Fact]
    public async Task A_service_that_says_no_is_not_asked_for_by_its_host()
    {
        _dns.Srv("_sip._udp.trunk.example", 0, 0, 0, "").A("trunk.example", "192.0.2.1");

        Assert.Empty(await Find("sip:trunk.example;transport=udp"));
    }

    [Fact]
    public async Task Answers_are_kept_for_their_life_also_empty_ones()
    {
        _dns.A("host.example", "192.0.2.1", life: 60);
        var resolver = Resolver();
        await Find("sip:host.example:5060", resolver);
        await Find("sip:host.example:5060", resolver);
        Assert.Equal(2, _dns.Asked.Count); // A and AAAA, once each.

        _time.Advance(TimeSpan.FromSeconds(31));
        await Find("sip:host.example:5060", resolver);
        Assert.Equal("AAAA host.example", _dns.Asked.Last()); // The empty one lived 30 s.
        Assert.Equal(3, _dns.Asked.Count);
        _time.Advance(TimeSpan.FromSeconds(30));
        await Find("sip:host.example:5060", resolver);
        Assert.Contains("A host.example", _dns.Asked.Skip(3));
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_over_TCP()
    {
        _dns.IsTruncating = true;
        _dns.A("host.example", "192.0.2.1");

        Assert.Equal(["UDP/192.0.2.1:5060"], await Find("sip:host.example:5060"));
        Assert.Contains("TCP A host.example", _dns.Asked);
    }

    [Theory]
    [InlineData(0)] // The id.
    [InlineData(15)] // A letter of the question.
    [InlineData(2)] // No answer at all.
    public async Task A_forged_answer_is_passed_over(int octet)
    {
        _dns.A("host.example", "192.0.2.1");
        _dns.Forge = answer =>
        {
            answer[octet] ^= octet == 2 ? (byte)0x80 : (byte)1;
            answer[^1] = 66; // The address the forger wants us to call.
            return answer;
        };

        Assert.Equal(["UDP/192.0.2.1:5060"], await Find("sip:host.example:5060"));
    }

    [Fact]
    public async Task A_silent_server_is_followed_by_the_next()
    {
        await using var silent = new ScriptedDns { IsSilent = true };
        _dns.A("host.example", "192.0.2.1");
        var settings = new DnsSettings { Servers = [silent.Address, _dns.Address], Attempt = TimeSpan.FromMilliseconds(50) };

        Assert.Equal(["UDP/192.0.2.1:5060"], await Find("sip:host.example:5060", new SipDnsResolver(settings, TimeProvider.System)));
        Assert.NotEmpty(silent.Asked);
    }

    [Fact]
    public async Task Out_of_time_the_system_is_asked()
    {
        _dns.IsSilent = true;
        var system = new Last();
        var settings = new DnsSettings { Servers = [_dns.Address], Deadline = TimeSpan.FromMilliseconds(50) };

        Assert.Equal(["UDP/192.0.2.99:5060"], await Find("sip:host.example", new SipDnsResolver(settings, TimeProvider.System, system: system)));
    }

    [Fact]
    public async Task The_caller_can_stop_it()
    {
        _dns.IsSilent = true;
        using var stop = new CancellationTokenSource();
        var finding = Resolver().ResolveAsync(SipUri.Parse("sip:host.example"), stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding.WaitAsync(TestPhone.Patience));
    }

    [Theory(DisplayName = "RFC 2782: priority, then weight")]
    [InlineData(new[] { 0, 0, 0 }, "light heavy last")]
    [InlineData(new[] { 10, 0, 0 }, "light heavy last")]
    [InlineData(new[] { 11, 0, 0 }, "heavy light last")]
    [InlineData(new[] { 100, 0, 0 }, "heavy light last")]
    public void Services_are_drawn_by_weight_within_a_priority(int[] draws, string order)
    {
        var queue = new Queue<int>(draws);
        SrvRecord[] records = [New("last", 2, 1000), New("heavy", 1, 90), New("light", 1, 10)];

        Assert.Equal(order, string.Join(' ', SrvOrder.Of(records, _ => queue.Dequeue()).Select(r => r.Target)));

        static SrvRecord New(string target, int priority, int weight) => new("n", TimeSpan.Zero, priority, weight, 1, target);
    }

    [Fact]
    public void Servers_are_read_from_resolv_conf()
    {
        var servers = DnsSettings.Parse("# nameserver 9.9.9.9\nsearch x\nnameserver\t192.0.2.53 \r\noptions edns0\nnameserver 2001:db8::53\nnameserver junk\n nameserver 192.0.2.54\nnameserver 192.0.2.55\n");

        Assert.Equal(["192.0.2.53:53", "[2001:db8::53]:53", "192.0.2.54:53"], servers.Select(s => s.ToString()));
        Assert.Empty(DnsSettings.FromSystem("/nonexistent/resolv.conf").Servers);
    }

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    private SipDnsResolver Resolver() => new(new DnsSettings { Servers = [_dns.Address] }, _time, _ => 0);

    private async Task<List<string>> Find(string uri, SipDnsResolver? resolver = null) =>
        [.. (await (resolver ?? Resolver()).ResolveAsync(SipUri.Parse(uri), default).AsTask().WaitAsync(TestPhone.Patience)).Select(f => f.ToString())];

    private sealed class Last : ITargetResolver
    {
        public ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop) =>
            ValueTask.FromResult<IReadOnlyList<SipFlow>>([new SipFlow(SipTransportKind.Udp, IPEndPoint.Parse("192.0.2.99:5060"))]);
    }
}
