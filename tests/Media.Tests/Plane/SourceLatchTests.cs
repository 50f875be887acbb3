using System.Net;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>Who may send to a leg, and when that can change.</summary>
public sealed class SourceLatchTests
{
    private const long Second = 1_000_000_000;
    private const long Window = 5 * Second;
    private static readonly SocketName Announced = Name("192.0.2.1", 4000);
    private static readonly SocketName Nat = Name("203.0.113.9", 61000);
    private static readonly SocketName Attacker = Name("198.51.100.66", 5000);
    private SourceLatch _latch;

    public SourceLatchTests() => _latch.Negotiate(Announced, 0, Window);

    [Fact]
    public void Announced_source_is_taken()
    {
        Assert.True(_latch.Accept(Announced, SsrcOf(Announced), Second));
        Assert.True(_latch.Source.SameAs(Announced));
    }

    [Fact]
    public void Source_behind_a_nat_is_latched_and_then_alone()
    {
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), Second));
        Assert.False(_latch.Accept(Attacker, SsrcOf(Attacker), Second));
        Assert.False(_latch.Accept(Attacker, SsrcOf(Attacker), 10 * Second));
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), 3600 * Second));
    }

    [Fact]
    public void Announced_source_takes_over_from_a_stranger_in_the_window_only()
    {
        Assert.True(_latch.Accept(Attacker, SsrcOf(Attacker), Second));
        Assert.True(_latch.Accept(Announced, SsrcOf(Announced), 2 * Second));
        Assert.False(_latch.Accept(Attacker, SsrcOf(Attacker), 3 * Second));
    }

    [Fact]
    public void After_the_window_a_latched_source_is_locked_even_against_the_announced_one()
    {
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), Second));
        Assert.False(_latch.Accept(Announced, SsrcOf(Announced), 7 * Second));
    }

    [Fact]
    public void Phone_behind_a_nat_that_speaks_late_is_heard_and_the_announced_one_may_still_take_over_for_a_while()
    {
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), 60 * Second));
        Assert.False(_latch.Accept(Attacker, SsrcOf(Attacker), 61 * Second));
        Assert.True(_latch.Accept(Announced, SsrcOf(Announced), 62 * Second));
        Assert.False(_latch.Accept(Nat, SsrcOf(Nat), 63 * Second));
    }

    [Fact]
    public void Same_stream_goes_on_from_another_port_after_a_silence_and_not_before()
    {
        var moved = Name("203.0.113.9", 61002);
        Assert.True(_latch.Accept(Nat, 7, 60 * Second));
        Assert.False(_latch.Accept(moved, 7, 60 * Second + Second / 2));
        Assert.False(_latch.Accept(Attacker, 8, 70 * Second));
        Assert.True(_latch.Accept(moved, 7, 70 * Second));
        Assert.False(_latch.Accept(Nat, 7, 70 * Second + 1));
    }

    [Fact]
    public void Without_a_window_only_the_announced_source_is_taken()
    {
        _latch.Negotiate(Name("192.0.2.1", 4002), 0, 0);
        Assert.False(_latch.Accept(Nat, 7, Second));
        Assert.True(_latch.Accept(Name("192.0.2.1", 4002), 7, Second));
        Assert.False(_latch.Accept(Nat, 7, 60 * Second));
    }

    [Fact]
    public void Session_refresh_with_the_same_address_opens_no_door()
    {
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), Second));
        _latch.Negotiate(Announced, 60 * Second, Window);
        Assert.False(_latch.Accept(Attacker, SsrcOf(Attacker), 61 * Second));
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), 61 * Second));
    }

    [Fact]
    public void Answer_after_a_long_ringing_opens_the_window_for_a_phone_that_was_silent_until_then()
    {
        _latch.Negotiate(Announced, 20 * Second, Window);
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), 21 * Second));
        Assert.False(_latch.Accept(Attacker, SsrcOf(Attacker), 22 * Second));
    }

    [Fact]
    public void The_same_without_an_address()
    {
        var latch = default(SourceLatch);
        latch.Negotiate(null, 0, Window);
        latch.Negotiate(null, 20 * Second, Window);
        Assert.True(latch.Accept(Nat, SsrcOf(Nat), 21 * Second));
    }

    [Fact]
    public void New_address_opens_the_window_again()
    {
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), Second));
        _latch.Negotiate(Name("192.0.2.1", 4002), 60 * Second, Window);
        var moved = Name("203.0.113.9", 61002);
        Assert.True(_latch.Accept(moved, SsrcOf(moved), 61 * Second));
        Assert.False(_latch.Accept(Nat, SsrcOf(Nat), 61 * Second));
    }

    [Fact]
    public void Authenticated_packet_moves_the_source_and_shuts_the_others_out()
    {
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), Second));
        _latch.Prove(Announced);
        Assert.True(_latch.Source.SameAs(Announced));
        _latch.Prove(Nat);
        Assert.True(_latch.Source.SameAs(Nat));
        Assert.False(_latch.Accept(Announced, SsrcOf(Announced), 2 * Second));
        Assert.True(_latch.Accept(Nat, SsrcOf(Nat), 4 * Second));
    }

    [Fact]
    public void Negotiated_address_opens_the_source_again_after_authenticated_packets()
    {
        _latch.Prove(Nat);
        _latch.Negotiate(Attacker, 3 * Second, Window);
        Assert.False(_latch.IsLatched);
        Assert.True(_latch.Accept(Attacker, SsrcOf(Attacker), 4 * Second));
    }

    [Fact]
    public void Nothing_is_taken_before_negotiation()
    {
        var latch = default(SourceLatch);
        Assert.False(latch.Accept(Attacker, SsrcOf(Attacker), Second));
    }

    [Fact]
    public void Description_without_an_address_latches_whoever_comes_first()
    {
        var latch = default(SourceLatch);
        latch.Negotiate(null, 0, Window);
        Assert.True(latch.Accept(Nat, SsrcOf(Nat), Second));
        latch.Negotiate(null, 60 * Second, Window); // hold by c=0.0.0.0 again
        Assert.False(latch.Accept(Attacker, SsrcOf(Attacker), 61 * Second));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", 4000, 4000, true)]
    [InlineData("192.0.2.1", "192.0.2.1", 4000, 4001, false)]
    [InlineData("2001:db8::1", "2001:db8::1", 4000, 4000, true)]
    [InlineData("2001:db8::1", "2001:db8::2", 4000, 4000, false)]
    [InlineData("2001:db8::1", "2001:db8::1", 4000, 4001, false)]
    public void Names_compare_by_address_and_port(string first, string second, int firstPort, int secondPort, bool same)
    {
        Assert.Equal(same, Name(first, firstPort).SameAs(Name(second, secondPort)));
        Assert.Equal(new IPEndPoint(IPAddress.Parse(first), firstPort), Name(first, firstPort).ToEndPoint());
    }

    // Each its own stream.
    private static uint SsrcOf(SocketName from) => (uint)from.Port;

    private static SocketName Name(string address, int port) => SocketName.From(IPAddress.Parse(address), port);
}
