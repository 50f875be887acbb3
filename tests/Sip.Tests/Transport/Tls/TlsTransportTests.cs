using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Tests.Endpoint;
using ClickToDial.Sip.Transport;
using ClickToDial.Sip.Transport.Tls;
using ClickToDial.TestKit.Time;
using ClickToDial.TestKit.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Sip.Tests.Transport.Tls;

/// <summary>TLS over real loopback sockets, against ourselves, the platform's own client, and OpenSSL.</summary>
public sealed class TlsTransportTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData("trunk.example", true)]
    [InlineData("*.example", false)]
    [InlineData("other.example", false)]
    public async Task A_server_is_believed_only_for_the_name_that_was_asked_for(string certified, bool believed)
    {
        await using var server = Transport(_authority.Issue("server", certified));
        await using var client = Transport(_authority.Issue("client", "client.example"));
        var (atServer, atClient) = (new TransportSink(), new TransportSink());
        server.Start(atServer);
        client.Start(atClient);
        var flow = FlowTo(server, "trunk.example");

        Assert.True(client.TrySend(flow, Message("client.example")));

        if (believed) Assert.Equal("c", (await atServer.Next()).Message.CallId);
        else Assert.Equal(flow, await atClient.ConnectFailed.WaitAsync(TestPhone.Patience));
    }

    [Fact]
    public async Task A_server_of_a_strange_authority_is_not_believed()
    {
        using var strange = new TestAuthority();
        await using var server = Transport(strange.Issue("server", "trunk.example"));
        await using var client = Transport(_authority.Issue("client", "client.example"));
        var sink = new TransportSink();
        server.Start(new TransportSink());
        client.Start(sink);

        client.TrySend(FlowTo(server, "trunk.example"), Message("client.example"));

        Assert.Equal("trunk.example", (await sink.ConnectFailed.WaitAsync(TestPhone.Patience)).HostName);
    }

    [Fact]
    public async Task Without_a_name_to_verify_no_connection_is_made()
    {
        await using var server = Transport(_authority.Issue("server", "trunk.example"));
        server.Start(new TransportSink());

        Assert.False(server.TrySend(new SipFlow(SipTransportKind.Tls, new IPEndPoint(IPAddress.Loopback, 9)), Message("a")));
    }

    [Theory]
    [InlineData(ClientCertificates.Required, true, true)]
    [InlineData(ClientCertificates.Required, false, false)]
    [InlineData(ClientCertificates.Asked, true, true)]
    [InlineData(ClientCertificates.Asked, false, false)]
    [InlineData(ClientCertificates.None, false, true)]
    public async Task Clients_show_what_is_asked_of_them(ClientCertificates asked, bool known, bool accepted)
    {
        using var strange = new TestAuthority();
        await using var server = Transport(_authority.Issue("server", "trunk.example") with { ClientCertificates = asked });
        var own = (known ? _authority : strange).Issue("client", "client.example") with { TrustedRootsFile = _authority.RootFile };
        await using var client = Transport(own);
        var (atServer, atClient) = (new TransportSink(), new TransportSink());
        server.Start(atServer);
        client.Start(atClient);

        client.TrySend(FlowTo(server, "trunk.example"), Message("client.example"));

        // By TLS 1.3 a client thinks itself connected before its certificate was looked at.
        if (accepted) await atServer.Next();
        else await Task.WhenAny(atClient.FlowFailed, atClient.ConnectFailed).WaitAsync(TestPhone.Patience);
    }

    [Theory]
    [InlineData(ClientCertificates.Asked, true)]
    [InlineData(ClientCertificates.Required, false)]
    public async Task A_client_without_certificate_is_let_in_only_where_none_is_required(ClientCertificates asked, bool accepted)
    {
        await using var server = Transport(_authority.Issue("server", "trunk.example") with { ClientCertificates = asked });
        var sink = new TransportSink();
        server.Start(sink);
        await using var client = await Connect(server, null);

        if (!accepted)
        {
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await client.WriteAsync(Message("a"));
                await client.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(TestPhone.Patience);
            });
            return;
        }
        await client.WriteAsync(Message("a"));
        Assert.Equal("c", (await sink.Next()).Message.CallId);
    }

    [Fact]
    public async Task A_renewed_certificate_serves_new_handshakes_and_a_broken_one_does_not()
    {
        var time = new ManualTimeProvider();
        var settings = _authority.Issue("server", "trunk.example");
        await using var server = Transport(settings, time);
        server.Start(new TransportSink());
        var first = await SerialOf(server);

        var renewed = _authority.Write(settings, "trunk.example");
        Assert.Equal(first, await SerialOf(server)); // Not looked at yet.
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(renewed, await SerialOf(server));

        await File.WriteAllTextAsync(settings.KeyFile, "half a k");
        _authority.Touch(settings);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(renewed, await SerialOf(server));

        var last = _authority.Write(settings, "trunk.example");
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(last, await SerialOf(server));
        Assert.NotEqual(renewed, last);
    }

    [Theory(DisplayName = "RFC 5923: a proven name may have requests sent down its connection")]
    [InlineData("sbc.example", ";alias", "sbc.example", true)]
    [InlineData("sbc.example", ";alias", "other.example", false)]
    [InlineData("sbc.example", "", "sbc.example", false)]
    [InlineData("other.example", ";alias", "other.example", false)]
    public async Task An_alias_holds_for_the_name_the_peer_proved(string sentBy, string alias, string asked, bool reused)
    {
        await using var server = Transport(_authority.Issue("server", "trunk.example") with { ClientCertificates = ClientCertificates.Asked });
        var sink = new TransportSink();
        server.Start(sink);
        await using var peer = await Connect(server, _authority.Issue("peer", "sbc.example"));
        await peer.WriteAsync(Message($"{sentBy}:5071", alias));
        await sink.Next();

        var flow = new SipFlow(SipTransportKind.Tls, new IPEndPoint(IPAddress.Loopback, 5071)) { HostName = asked };
        Assert.Equal(reused, server.IsOpen(flow));
        if (!reused) return;
        server.TrySend(flow, "hello"u8);
        var buffer = new byte[5];
        await peer.ReadExactlyAsync(buffer).AsTask().WaitAsync(TestPhone.Patience);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer));
        peer.Close();
        await sink.FlowFailed.WaitAsync(TestPhone.Patience);
        Assert.False(server.IsOpen(flow));
    }

    [Fact]
    public async Task A_handshake_that_never_ends_costs_its_connection()
    {
        var time = new ManualTimeProvider();
        await using var server = Transport(_authority.Issue("server", "trunk.example"), time);
        var sink = new TransportSink();
        server.Start(sink);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Local);
        await using (await Connect(server, null))
        {
            // Connections are accepted in turn: the silent one is known by now.
            time.Advance(TimeSpan.FromSeconds(31));
            Assert.Equal(0, await socket.ReceiveAsync(new byte[10]).WaitAsync(TestPhone.Patience));
        }
    }

    [Theory]
    [InlineData("sips:bob@trunk.example", 200)]
    [InlineData("sips:bob@trunk.example;transport=tcp", 200)]
    [InlineData("sip:bob@trunk.example;transport=tls", 200)]
    [InlineData("sips:bob@other.example", 503)]
    public async Task Endpoints_talk_by_sips_and_by_transport_tls(string uri, int status)
    {
        await using var server = new TlsPhone(_authority.Issue("server", "trunk.example"));
        await using var client = new TlsPhone(_authority.Issue("client", "client.example")) { Peer = server.Address };

        Assert.Equal(status, (await client.Ask(uri)).Status);
    }

    [Fact]
    public async Task OpenSSL_talks_to_an_endpoint()
    {
        await using var phone = new TlsPhone(_authority.Issue("server", "trunk.example"));
        var start = new ProcessStartInfo("openssl", ["s_client", "-connect", phone.Address.ToString(), "-CAfile", _authority.RootFile,
            "-verify_return_error", "-verify_hostname", "trunk.example", "-quiet", "-no_ign_eof"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("openssl is not installed.");
        }
        using var openssl = started!;
        await openssl.StandardInput.BaseStream.WriteAsync(Message("127.0.0.1:1"));
        await openssl.StandardInput.BaseStream.FlushAsync();

        Assert.Equal("SIP/2.0 200 OK", await openssl.StandardOutput.ReadLineAsync().WaitAsync(TestPhone.Patience));
        openssl.Kill();
        await openssl.WaitForExitAsync().WaitAsync(TestPhone.Patience);
    }

    public void Dispose() => _authority.Dispose();

    internal static byte[] Message(string sentBy, string parameters = "") => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:trunk.example SIP/2.0\r\nVia: SIP/2.0/TLS {sentBy};branch=z9hG4bK1{parameters}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");

    private static TlsTransport Transport(TlsSettings settings, TimeProvider? time = null) =>
        new(new IPEndPoint(IPAddress.Loopback, 0), new TcpSettings(time ?? TimeProvider.System, SipLimits.Default, NullLogger.Instance), settings);

    private static SipFlow FlowTo(TlsTransport server, string name) => new(SipTransportKind.Tls, server.Local) { HostName = name };

    private static async Task<SslStream> Connect(TlsTransport server, TlsSettings? own)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Local);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "trunk.example",
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null, // What the server shows is looked at by the test itself.
            ClientCertificateContext = own is null ? null : SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(own.CertificateFile, own.KeyFile), null, offline: true),
        }).WaitAsync(TestPhone.Patience);
        return stream;
    }

    private static async Task<string> SerialOf(TlsTransport server)
    {
        await using var client = await Connect(server, null);
        return ((X509Certificate2)client.RemoteCertificate!).SerialNumber;
    }
}
