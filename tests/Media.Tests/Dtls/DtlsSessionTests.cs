using ClickToDial.Media.Dtls;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Tests.Dtls;

/// <summary>Two sessions of ours against each other; against another implementation: <see cref="OpenSslPeerTests"/>.</summary>
public sealed class DtlsSessionTests : IDisposable
{
    private readonly DtlsContext _ours = DtlsContext.Create(TimeProvider.System);
    private readonly DtlsContext _theirs = DtlsContext.Create(TimeProvider.System);

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public void Both_ends_come_to_the_same_keys()
    {
        using var server = new DtlsSession(_ours, DtlsRole.Passive);
        using var client = new DtlsSession(_theirs, DtlsRole.Active);
        client.Start();
        Exchange(client, server);
        Assert.Equal((DtlsState.Established, DtlsState.Established), (client.State, server.State));
        var (ofClient, ofServer) = (client.ExportKeys()!.Value, server.ExportKeys()!.Value);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, ofServer.Local.Profile);
        Assert.Equal(ofClient.Local.KeyAndSalt.ToArray(), ofServer.Remote.KeyAndSalt.ToArray());
        Assert.Equal(ofClient.Remote.KeyAndSalt.ToArray(), ofServer.Local.KeyAndSalt.ToArray());
        Assert.NotEqual(ofClient.Local.KeyAndSalt.ToArray(), ofClient.Remote.KeyAndSalt.ToArray());
    }

    [Theory]
    [InlineData(true, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80")]
    [InlineData(false, "SRTP_AES128_CM_SHA1_80")]
    public void Only_profiles_that_libsrtp_can_use_afterwards_are_agreed_on(bool hasGcm, string expected) =>
        Assert.Equal(expected, DtlsContext.ProfilesFor(profile => hasGcm || !profile.IsAead));

    [Fact]
    public void The_peer_is_who_the_signalling_said()
    {
        using var server = new DtlsSession(_ours, DtlsRole.Passive);
        using var client = new DtlsSession(_theirs, DtlsRole.Active);
        client.Start();
        Assert.False(server.IsPeer([_theirs.Fingerprint]));
        Exchange(client, server);
        Assert.True(server.IsPeer([_theirs.Fingerprint]));
        Assert.True(client.IsPeer([_theirs.Fingerprint, _ours.Fingerprint]));
        Assert.False(server.IsPeer([_ours.Fingerprint]));
        Assert.False(server.IsPeer([]));
    }

    [Fact]
    public void Every_datagram_fits_the_path()
    {
        using var server = new DtlsSession(_ours, DtlsRole.Passive);
        using var client = new DtlsSession(_theirs, DtlsRole.Active);
        client.Start();
        var lengths = Exchange(client, server);
        Assert.NotEmpty(lengths);
        Assert.All(lengths, length => Assert.InRange(length, 14, DtlsSession.MaxDatagram));
    }

    [Fact]
    public async Task A_flight_that_was_lost_is_sent_again_when_its_time_is_over()
    {
        using var server = new DtlsSession(_ours, DtlsRole.Passive);
        using var client = new DtlsSession(_theirs, DtlsRole.Active);
        var began = TimeProvider.System.GetTimestamp();
        client.Start();
        Assert.NotEmpty(Take(client)); // lost
        Assert.Empty(Take(client));
        Assert.InRange(client.TimeoutIn!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        client.OnTimeout();
        // Not yet, unless the thread was held up for as long: OpenSSL reads the clock of the machine, and takes 15 ms before for the time.
        if (Take(client).Count > 0) Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMilliseconds(900));
        // There is no other way than to let its second pass.
        while (client.TimeoutIn is { Ticks: > 0 } left) await Task.Delay(left, TestContext.Current.CancellationToken);
        client.OnTimeout();
        Exchange(client, server);
        Assert.Equal(DtlsState.Established, server.State);
        Assert.Null(client.TimeoutIn);
    }

    [Fact]
    public void Who_leaves_says_so()
    {
        using var server = new DtlsSession(_ours, DtlsRole.Passive);
        using var client = new DtlsSession(_theirs, DtlsRole.Active);
        client.Start();
        Exchange(client, server);
        client.Close();
        Exchange(client, server);
        Assert.Equal((DtlsState.Closed, DtlsState.Closed), (client.State, server.State));
    }

    [Fact]
    public void Noise_changes_nothing()
    {
        using var server = new DtlsSession(_ours, DtlsRole.Passive);
        using var client = new DtlsSession(_theirs, DtlsRole.Active);
        var random = new Random(7);
        var noise = new byte[300];
        for (var i = 0; i < 200; i++)
        {
            random.NextBytes(noise);
            noise[0] = (byte)random.Next(20, 64);
            server.Receive(noise.AsSpan(0, random.Next(noise.Length)));
        }
        client.Start();
        Exchange(client, server);
        Assert.Equal(DtlsState.Established, server.State);
    }

    [Fact]
    public void Before_the_handshake_there_are_no_keys()
    {
        using var server = new DtlsSession(_ours, DtlsRole.Passive);
        Assert.Null(server.ExportKeys());
        Assert.Null(server.TimeoutIn);
        Assert.Empty(Take(server));
    }

    private static List<int> Exchange(DtlsSession one, DtlsSession other)
    {
        var lengths = new List<int>();
        while (true)
        {
            var (fromOne, fromOther) = (Take(one), Take(other));
            if (fromOne.Count + fromOther.Count == 0) return lengths;
            foreach (var datagram in fromOne) other.Receive(datagram);
            foreach (var datagram in fromOther) one.Receive(datagram);
            lengths.AddRange(fromOne.Concat(fromOther).Select(datagram => datagram.Length));
        }
    }

    private static List<byte[]> Take(DtlsSession session)
    {
        var datagrams = new List<byte[]>();
        var buffer = new byte[DtlsSession.MaxReceived];
        while (session.TryTake(buffer, out var length)) datagrams.Add(buffer[..length]);
        return datagrams;
    }
}
