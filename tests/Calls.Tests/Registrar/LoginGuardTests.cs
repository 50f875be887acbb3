using System.Net;
using ClickToDial.Calls.Registrar;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Calls.Tests.Registrar;

public sealed class LoginGuardTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly LoginGuard _guard;

    public LoginGuardTests() => _guard = new LoginGuard(_time);

    [Fact]
    public void Account_is_shut_for_that_address_alone_and_longer_each_time()
    {
        for (var i = 1; i < LoginGuard.Free; i++) _guard.Failed(IPAddress.Loopback, "101-a");
        Assert.False(_guard.IsShut(IPAddress.Loopback, "101-a"));
        Assert.Equal(LoginGuard.Free, _guard.Failed(IPAddress.Loopback, "101-a"));
        Assert.True(_guard.IsShut(IPAddress.Loopback, "101-a"));
        Assert.False(_guard.IsShut(IPAddress.IPv6Loopback, "101-a"));
        Assert.False(_guard.IsShut(IPAddress.Loopback, "101-b"));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(_guard.IsShut(IPAddress.Loopback, "101-a"));
        _guard.Failed(IPAddress.Loopback, "101-a");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_guard.IsShut(IPAddress.Loopback, "101-a"));
        _time.Advance(TimeSpan.FromSeconds(10));
        _guard.Succeeded(IPAddress.Loopback, "101-a");
        Assert.Equal(1, _guard.Failed(IPAddress.Loopback, "101-a"));
    }
}
