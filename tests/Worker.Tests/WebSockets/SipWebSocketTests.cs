using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.WebSockets;

/// <summary>RFC 7118 against the worker as a process: the upgrade, a registration, a call, and what is refused.</summary>
public sealed class SipWebSocketTests(WorkerProcess worker) : IClassFixture<WorkerProcess>
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Phone_registers_over_a_WebSocket_and_is_called_there(bool secure)
    {
        await using var phone = await ConnectAsync(secure);
        var registered = await phone.RegisterAsync();
        Assert.Equal(200, registered.Status);
        Assert.EndsWith(".invalid", registered.Contact!.Uri.Host, StringComparison.Ordinal);

        var call = await worker.OriginateAsync("echo");
        var invite = await phone.RequestAsync(SipMethod.Invite);
        Assert.Equal(secure ? "WSS" : "WS", invite.TopVia.Transport);
        Assert.Equal(registered.Contact.Uri.Host, invite.Uri.Host);
        await phone.AnswerAsync(invite, 200, Answer);
        await phone.RequestAsync(SipMethod.Ack);
        await worker.Functions.EventAsync(call, CallEventType.CallConnected);
        await worker.Api.HangUpAsync(call);
        await phone.AnswerAsync(await phone.RequestAsync(SipMethod.Bye), 200);
        Assert.Equal(200, (await phone.RegisterAsync(0)).Status);
    }

    [Theory]
    [InlineData(WorkerProcess.Origin, true)]
    [InlineData(null, true)]
    [InlineData("https://evil.example", false)]
    public async Task Pages_of_other_origins_get_no_socket(string? origin, bool allowed)
    {
        if (allowed) await (await ConnectAsync(secure: true, origin)).DisposeAsync();
        else Assert.Contains("403", (await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(secure: true, origin))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subprotocol_sip_is_demanded() => Assert.Contains("400", (await Assert.ThrowsAsync<WebSocketException>(() =>
        WebSocketPhone.ConnectAsync(worker.Ws, "101", WorkerProcess.Domain, WorkerProcess.Password, subprotocol: "chat"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/ws", HttpStatusCode.UpgradeRequired)]
    [InlineData("/control/calls", HttpStatusCode.NotFound)]
    [InlineData("/healthz", HttpStatusCode.NotFound)]
    public async Task Port_for_browsers_shows_nothing_but_the_WebSocket(string path, HttpStatusCode status)
    {
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsOurs } };
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Authorization = new("Bearer", worker.Settings.ControlToken);
        using var answer = await http.GetAsync(new Uri($"https://127.0.0.1:{worker.WssPort}{path}"));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Phone_whose_socket_is_gone_is_not_rung_for_nothing()
    {
        var phone = await ConnectAsync(secure: false);
        Assert.Equal(200, (await phone.RegisterAsync()).Status);
        await phone.CloseAsync();
        await phone.DisposeAsync();
        var call = await worker.OriginateAsync("echo");
        Assert.Equal(Contracts.Calls.CallReasons.UserNotRegistered, (await worker.Functions.EndAsync(call)).Outcome!.Reason);
    }

    private Task<WebSocketPhone> ConnectAsync(bool secure, string? origin = null) => WebSocketPhone.ConnectAsync(
        secure ? worker.Wss : worker.Ws, "101", WorkerProcess.Domain, WorkerProcess.Password, origin, trust: IsOurs);

    private bool IsOurs(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        using var root = X509CertificateLoader.LoadCertificateFromFile(worker.Authority.RootFile);
        using var trust = new X509Chain();
        trust.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        trust.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        trust.ChainPolicy.CustomTrustStore.Add(root);
        return shown is X509Certificate2 own && trust.Build(own);
    }
}
