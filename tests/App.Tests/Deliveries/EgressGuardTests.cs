using System.Net;
using System.Net.Sockets;
using ClickToDial.App.Adapters.Egress;
using ClickToDial.Core.Access;
using ClickToDial.Core.Egress;

namespace ClickToDial.App.Tests.Deliveries;

public sealed class EgressGuardTests
{
    [Fact]
    public async Task NameOfAPrivateAddress_IsNotConnectedTo()
    {
        using var listener = Listen(out var port);
        var guard = new EgressGuard(new EgressRules(AddressRanges.None), new Names([IPAddress.Loopback, IPAddress.Parse("::ffff:10.0.0.1")]));

        await Assert.ThrowsAsync<EgressDeniedException>(() => guard.ConnectAsync(new DnsEndPoint("crm.example.com", port), CancellationToken.None));

        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task NameThatChangesItsMind_IsLookedUpOnceAndConnectedWhereItWasChecked()
    {
        using var listener = Listen(out var port);
        // First an address that is open to us, then one that is not: a second look would be led there.
        var names = new Names([IPAddress.Parse("127.0.0.2")], [IPAddress.Parse("127.0.0.1")]);
        using var other = new TcpListener(IPAddress.Parse("127.0.0.2"), port);
        other.Start();
        var guard = new EgressGuard(new EgressRules(new AddressRanges(["127.0.0.2/32"])), names);

        await using var stream = await guard.ConnectAsync(new DnsEndPoint("crm.example.com", port), CancellationToken.None);

        Assert.Equal(1, names.Looks);
        Assert.True(other.Pending());
        Assert.False(listener.Pending());
        await Assert.ThrowsAsync<EgressDeniedException>(() => guard.ConnectAsync(new DnsEndPoint("crm.example.com", port), CancellationToken.None));
    }

    [Fact]
    public async Task AddressThatIsAllowed_IsTakenAmongOthers()
    {
        using var listener = Listen(out var port);
        var guard = new EgressGuard(new EgressRules(new AddressRanges(["127.0.0.1/32"])), new Names([IPAddress.Parse("10.0.0.1"), IPAddress.Loopback]));

        await using var stream = await guard.ConnectAsync(new DnsEndPoint("crm.example.com", port), CancellationToken.None);

        Assert.True(stream.CanWrite);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://crm.example.com:{0}/")]
    public async Task Handler_RefusesWhateverWayItIsAsked(string url)
    {
        using var listener = Listen(out var port);
        var guard = new EgressGuard(new EgressRules(AddressRanges.None), new Names([IPAddress.Loopback]));
        using var http = new HttpMessageInvoker(guard.CreateHandler(TimeSpan.FromSeconds(5)));
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Format(System.Globalization.CultureInfo.InvariantCulture, url, port));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, CancellationToken.None));

        Assert.IsType<EgressDeniedException>(failure.InnerException);
        Assert.False(listener.Pending());
    }

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    private sealed class Names(params IPAddress[][] answers) : IHostResolver
    {
        public int Looks { get; private set; }

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<IPAddress>>(answers[Math.Min(Looks++, answers.Length - 1)]);
    }
}
