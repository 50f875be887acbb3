using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Dtls;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Media.Tests.Dtls;

/// <summary>Our session against the <c>openssl</c> program, over UDP, in both roles: the keys it prints are those that we have.</summary>
public sealed class OpenSslPeerTests : IDisposable
{
    private const int Material = 60; // two keys of 16 and two salts of 14 octets
    private readonly string _folder = Directory.CreateTempSubdirectory("dtls").FullName;
    private readonly DtlsContext _context = DtlsContext.Create(TimeProvider.System);

    public void Dispose()
    {
        _context.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_openssl_client_and_we_come_to_the_same_keys()
    {
        Assert.SkipUnless(Tool.OpenSsl.IsInstalled, Tool.OpenSsl.Missing);
        await MakeCertificateAsync();
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
        await using var client = Start(["s_client", "-dtls1_2", "-connect", $"127.0.0.1:{port}", .. Common]);
        using var session = new DtlsSession(_context, DtlsRole.Passive);
        await RunAsync(session, socket, peer: null);
        await AssertSameKeysAsync(session, client);
    }

    [Fact]
    public async Task The_openssl_server_and_we_come_to_the_same_keys()
    {
        Assert.SkipUnless(Tool.OpenSsl.IsInstalled, Tool.OpenSsl.Missing);
        await MakeCertificateAsync();
        using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)probe.Client.LocalEndPoint!).Port;
        probe.Close();
        await using var server = Start(["s_server", "-dtls1_2", "-port", $"{port}", "-Verify", "1", "-verify_quiet", .. Common]);
        await server.SaysAsync(line => line.Contains("ACCEPT", StringComparison.Ordinal), "that it listens");
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var session = new DtlsSession(_context, DtlsRole.Active);
        await RunAsync(session, socket, new IPEndPoint(IPAddress.Loopback, port));
        await AssertSameKeysAsync(session, server);
    }

    private string[] Common =>
    [
        "-cert", Path.Combine(_folder, "cert.pem"), "-key", Path.Combine(_folder, "key.pem"),
        "-use_srtp", "SRTP_AES128_CM_SHA1_80", "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", $"{Material}",
    ];

    private static ChildProcess Start(IReadOnlyList<string> arguments) => ChildProcess.Start(new ChildProcessOptions("openssl", Tool.OpenSsl.Path!, arguments));

    private static async Task AssertSameKeysAsync(DtlsSession session, ChildProcess peer)
    {
        Assert.Equal(DtlsState.Established, session.State);
        var said = await peer.SaysAsync(line => line.Contains("Keying material: ", StringComparison.Ordinal), "the keys");
        var material = Convert.FromHexString(said[(said.IndexOf(": ", StringComparison.Ordinal) + 2)..].Trim());
        var keys = session.ExportKeys()!.Value;
        var (client, server) = session.Role == DtlsRole.Active ? (keys.Local, keys.Remote) : (keys.Remote, keys.Local);
        Assert.Equal([.. material[..16], .. material[32..46]], client.KeyAndSalt.ToArray());
        Assert.Equal([.. material[16..32], .. material[46..60]], server.KeyAndSalt.ToArray());
    }

    private static async Task RunAsync(DtlsSession session, UdpClient socket, IPEndPoint? peer)
    {
        using var limit = new CancellationTokenSource(Patience.Step);
        var buffer = new byte[DtlsSession.MaxReceived];
        if (session.Role == DtlsRole.Active) session.Start();
        while (true)
        {
            while (session.TryTake(buffer, out var length)) await socket.SendAsync(buffer.AsMemory(0, length), peer!, limit.Token);
            if (session.State != DtlsState.Handshaking) return;
            var got = await socket.ReceiveAsync(limit.Token);
            peer = got.RemoteEndPoint;
            session.Receive(got.Buffer);
        }
    }

    private async Task MakeCertificateAsync()
    {
        await using var maker = Start(
        [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=peer",
            "-keyout", Path.Combine(_folder, "key.pem"), "-out", Path.Combine(_folder, "cert.pem"),
        ]);
        Assert.Equal(0, await maker.ExitAsync());
    }
}
