using System.Net;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Tests.Trunks;

public sealed class TrunkTests
{
    [Theory]
    [InlineData("192.0.2.1:5060", true, true)]
    [InlineData("192.0.2.1:5070", true, false)]
    [InlineData("192.0.2.9:5060", false, false)]
    [InlineData("198.51.100.7:4000", true, false)]
    [InlineData("203.0.113.5:5080", true, false)]
    [InlineData("203.0.113.5:5081", false, false)]
    [InlineData("[::ffff:192.0.2.1]:5060", true, true)]
    public void Requests_are_known_by_where_they_come_from(string remote, bool mine, bool server)
    {
        var trunk = Of(new TrunkSettings(Sources: ["198.51.100.0/24", "203.0.113.5:5080", "nonsense"]));
        Assert.Equal((mine, server), (trunk.SendsFrom(IPEndPoint.Parse(remote)), trunk.SendsFromServer(IPEndPoint.Parse(remote))));
    }

    [Fact]
    public void Codecs_are_those_of_the_trunk_in_its_order()
    {
        var trunk = Of(new TrunkSettings(Codecs: ["pcmu", "PCMA", "unknown"]));
        Assert.Equal(
            [AudioCodec.Pcmu, AudioCodec.Pcma, AudioCodec.TelephoneEvent],
            trunk.Of([AudioCodec.G722, AudioCodec.Pcma, AudioCodec.Pcmu, AudioCodec.TelephoneEvent]));
    }

    [Fact]
    public void Trunk_that_takes_keys_by_info_is_offered_no_other_way() =>
        Assert.Equal([AudioCodec.Pcma], Of(new TrunkSettings(Dtmf: TrunkDtmf.Info)).Of([AudioCodec.Pcma, AudioCodec.TelephoneEvent]));

    [Fact]
    public void Servers_come_by_priority_and_among_equals_by_weight()
    {
        var trunk = Of(new TrunkSettings(Servers: [new("sip:c", 1), new("sip:a", 0, 1), new("sip:b", 0, 9)]));
        var random = new Random(1);
        var orders = Enumerable.Range(0, 400).Select(_ => string.Concat(Drain(new TrunkHunt([trunk], new TrunkLoad(), new Everywhere(), random)))).ToList();
        Assert.Equal(["abc", "bac"], orders.Distinct().Order());
        Assert.InRange(orders.Count(order => order == "bac"), 320, 390);
    }

    [Fact]
    public void Server_that_is_down_and_trunk_that_is_full_are_passed_over()
    {
        var first = Of(new TrunkSettings(Servers: [new("sip:a"), new("sip:b", 1)]));
        var full = Of(new TrunkSettings(MaxCalls: 1), "full");
        var load = new TrunkLoad();
        using var taken = load.TryEnter(full, CallDirection.Inbound);
        var hunt = new TrunkHunt([first, full], load, new Everywhere("a"), new Random(1));
        Assert.Equal("b", Assert.Single(Drain(hunt)));
        Assert.True(hunt.FoundFull);
        Assert.Equal((1, 0), load.Of("full"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(302, true)]
    [InlineData(408, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(480, false)]
    [InlineData(486, false)]
    [InlineData(404, false)]
    [InlineData(600, false)]
    [InlineData(603, false)]
    public void Only_silence_and_failures_of_servers_are_worth_another_try(int status, bool again) =>
        Assert.Equal(again, TrunkHunt.IsWorthAnother(status));

    [Fact]
    public void Server_is_down_after_failures_in_a_row_and_up_after_successes()
    {
        var rules = new TrunkHealth(DownAfter: 3, UpAfter: 2);
        var health = ServerHealth.Unknown;
        foreach (var alive in new[] { false, false, true, false, false }) health = health.After(alive, rules);
        Assert.True(health.IsUp);
        health = health.After(false, rules);
        Assert.False(health.IsUp);
        Assert.False(health.After(true, rules).IsUp);
        Assert.True(health.After(true, rules).After(true, rules).IsUp);
    }

    private static Trunk Of(TrunkSettings settings, string name = "t") => new(new TrunkEntry(name, ["+"], "sip:192.0.2.1", Settings: settings));

    private static IEnumerable<string> Drain(TrunkHunt hunt)
    {
        while (hunt.Next() is { } attempt) yield return attempt.Server.Uri.Host;
    }

    private sealed class Everywhere(params string[] down) : ITrunkStates
    {
        public bool IsUp(Trunk trunk, TrunkTarget server) => !down.Contains(server.Uri.Host);

        public void Report(Trunk trunk, TrunkTarget server, bool alive)
        {
        }
    }
}
