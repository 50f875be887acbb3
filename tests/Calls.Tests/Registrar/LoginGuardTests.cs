using System.Net;
using ClickToDial.Calls.Registrar;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Calls.Tests.Registrar;

public sealed class LoginGuardTests
{
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Away = IPAddress.Parse("192.0.2.2");

    private readonly ManualTimeProvider _time = new();
    private readonly LoginGuard _guard;

    public LoginGuardTests() => _guard = new LoginGuard(_time);

    [Fact]
    public void Account_is_shut_for_that_address_alone_and_longer_each_time()
    {
        for (var i = 1; i < LoginGuard.Free; i++) Assert.Equal(LoginScope.None, _guard.Failed(Home, "101-a"));
        Assert.False(_guard.IsShut(Home, "101-a"));
        Assert.Equal(LoginScope.Pair, _guard.Failed(Home, "101-a"));
        Assert.True(_guard.IsShut(Home, "101-a"));
        Assert.False(_guard.IsShut(Away, "101-a"));
        Assert.False(_guard.IsShut(Home, "101-b"));

        Pass(10);
        Assert.False(_guard.IsShut(Home, "101-a"));
        _guard.Failed(Home, "101-a");
        Pass(10);
        Assert.True(_guard.IsShut(Home, "101-a"));
        Pass(10);
        _guard.Succeeded(Home, "101-a");
        for (var i = 1; i < LoginGuard.Free; i++) _guard.Failed(Home, "101-a");
        Assert.False(_guard.IsShut(Home, "101-a"));
    }

    [Fact]
    public void Account_guessed_at_from_everywhere_is_shut_everywhere_but_stays_known_where_it_is()
    {
        _guard.Succeeded(Home, "101-a");
        for (var i = 1; i < LoginGuard.FreeAlone; i++) _guard.Failed(IPAddress.Parse($"198.51.100.{i}"), "101-a");
        Assert.False(_guard.IsShut(Away, "101-a"));
        Assert.Equal(LoginScope.Account, _guard.Failed(IPAddress.Parse("198.51.100.200"), "101-a"));
        Assert.True(_guard.IsShut(Away, "101-a"));
        Assert.True(_guard.IsKnown(Home, "101-a"));
        Assert.False(_guard.IsKnown(Away, "101-a"));
    }

    [Fact]
    public void Address_that_tries_many_accounts_is_shut_for_all_of_them()
    {
        for (var i = 1; i <= LoginGuard.FreeAlone; i++) _guard.Failed(Away, "account-" + i);
        Assert.True(_guard.IsShut(Away, "one-more"));
        Assert.False(_guard.IsShut(Home, "one-more"));
    }

    [Fact]
    public void IPv6_host_does_not_get_away_by_changing_the_half_of_the_address_that_is_its_own()
    {
        for (var i = 1; i <= LoginGuard.Free; i++) _guard.Failed(IPAddress.Parse($"2001:db8::{i}"), "101-a");
        Assert.True(_guard.IsShut(IPAddress.Parse("2001:db8::ffff"), "101-a"));
        Assert.False(_guard.IsShut(IPAddress.Parse("2001:db8:0:1::1"), "101-a"));
    }

    [Fact]
    public void Proof_is_remembered_for_a_day_and_failures_for_a_quarter_of_an_hour()
    {
        _guard.Succeeded(Home, "101-a");
        for (var i = 1; i < LoginGuard.Free; i++) _guard.Failed(Away, "101-a");
        Pass(15 * 60);
        Assert.Equal(LoginScope.None, _guard.Failed(Away, "101-a"));
        Assert.True(_guard.IsKnown(Home, "101-a"));
        Pass(24 * 60 * 60);
        Assert.False(_guard.IsKnown(Home, "101-a"));
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
