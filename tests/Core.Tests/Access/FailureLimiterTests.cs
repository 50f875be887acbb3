using System.Net;
using ClickToDial.Core.Access;

namespace ClickToDial.Core.Tests.Access;

public sealed class FailureLimiterTests
{
    private readonly Clock _clock = new();
    private readonly FailureLimiter _failures;

    public FailureLimiterTests() => _failures = new FailureLimiter(_clock);

    [Fact(DisplayName = "V1: ten failures for one name end its tries from there, for five minutes")]
    public void OneName_IsSlowedDown()
    {
        Fail(Address(1), "101", FailureLimiter.MaxFailures - 1);
        Assert.Null(_failures.WaitOf(Address(1), "101"));
        Fail(Address(1), "101", 1);

        Assert.Equal(TimeSpan.FromMinutes(5), _failures.WaitOf(Address(1), "101"));
        Assert.Null(_failures.WaitOf(Address(1), "102"));
        Assert.Null(_failures.WaitOf(Address(2), "101"));
        _clock.Now += TimeSpan.FromMinutes(5);
        Assert.Null(_failures.WaitOf(Address(1), "101"));
    }

    [Fact(DisplayName = "V1: invented names lock out the network that invents them, and nobody else")]
    public void InventedNames_LockOnlyTheirNetwork()
    {
        for (var i = 0; i < 2 * FailureLimiter.MaxNetworks; i++) Fail(Address(1), $"invented-{i}", 1);

        Assert.NotNull(_failures.WaitOf(Address(1), "101"));
        Fail(Address(2), "101", FailureLimiter.MaxFailures - 1);
        Assert.Null(_failures.WaitOf(Address(2), "101"));
        Assert.Null(_failures.WaitOf(null, "101"));
    }

    [Fact(DisplayName = "V1: addresses of one IPv6 network of 64 bits count together")]
    public void Ipv6_CountsByNetwork()
    {
        for (var i = 1; i <= FailureLimiter.MaxFailures; i++) Fail(IPAddress.Parse($"2001:db8:0:1::{i:x}"), "101", 1);

        Assert.NotNull(_failures.WaitOf(IPAddress.Parse("2001:db8:0:1:ffff::1"), "101"));
        Assert.Null(_failures.WaitOf(IPAddress.Parse("2001:db8:0:2::1"), "101"));
    }

    [Fact(DisplayName = "V1: more networks than are kept lock out nobody else, and the newest are still counted")]
    public void ManyNetworks_LockOutNobodyElse()
    {
        for (var i = 0; i <= FailureLimiter.MaxNetworks; i++)
        {
            Fail(Address(i), "101", 1);
            _clock.Now += TimeSpan.FromMilliseconds(1);
        }

        var fresh = Address(FailureLimiter.MaxNetworks + 1);
        Assert.Null(_failures.WaitOf(fresh, "101"));
        Fail(fresh, "101", FailureLimiter.MaxFailures);
        Assert.NotNull(_failures.WaitOf(fresh, "101"));
    }

    private void Fail(IPAddress from, string name, int times)
    {
        for (var i = 0; i < times; i++) _failures.Failed(from, name);
    }

    private static IPAddress Address(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
