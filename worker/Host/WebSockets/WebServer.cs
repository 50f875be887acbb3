using System.Globalization;
using System.Net.Security;
using ClickToDial.Calls;
using ClickToDial.Calls.Control;
using ClickToDial.Sip.Transport.Tls;
using ClickToDial.Worker.Configuration;
using ClickToDial.Worker.Lifetime;

namespace ClickToDial.Worker.WebSockets;

/// <summary>
/// The control API, health and WebSockets over HTTP, and TLS with the certificate of SIP, which is renewed in place there too.
/// </summary>
internal static class WebServer
{
    /// <summary>Nothing in it but what is used: each service that a richer builder adds is time before the worker is ready.</summary>
    public static WebApplication Build(WorkerSettings settings, CallServer server, SecretWatch secrets, SipWebSockets webSockets, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs).AddRoutingCore().AddSingleton<IHostLifetime, OwnLifetime>();
        builder.WebHost.UseKestrelCore().UseUrls([.. Urls(settings)]);
        if (settings.Sip.Tls is { } tls) Protect(builder.WebHost, new TlsIdentity(tls, TimeProvider.System, logs.CreateLogger<TlsIdentity>()));
        var app = builder.Build();
        webSockets.Use(app);
        new RemoteSockets(server.RemoteControl, OriginPolicy.Of(settings)).Map(app);
        var login = new LoginRelay(new Uri(settings.Worker.FunctionsUrl), settings.Secrets.Worker, TimeProvider.System);
        login.Map(app);
        app.Lifetime.ApplicationStopped.Register(login.Dispose);
        new ControlEndpoints(server.Calls, settings.Secrets.Control, server.Recordings, fellows: server.Fellows).Map(app);
        new HealthEndpoints(() => HealthOf(server, secrets)).Map(app);
        return app;
    }

    private static WorkerHealth HealthOf(CallServer server, SecretWatch secrets)
    {
        var health = server.Health;
        return health with { Dependencies = new Dictionary<string, string>(health.Dependencies!, StringComparer.Ordinal) { ["secrets"] = secrets.Word } };
    }

    /// <summary>The end of a socket, at the latest with the server's: it would wait half a minute for those that do not end by themselves.</summary>
    public static CancellationTokenSource EndOf(HttpContext http) => CancellationTokenSource.CreateLinkedTokenSource(
        http.RequestAborted, http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);

    private static IEnumerable<string> Urls(WorkerSettings settings)
    {
        yield return settings.Worker.ControlUrl;
        if (settings.Sip.WssPort < 0) yield break;
        foreach (var address in AddressList.Parse(settings.Sip.BindAddress)!) yield return Url(address.ToString(), settings.Sip.WssPort);
    }

    private static void Protect(IWebHostBuilder host, TlsIdentity identity)
    {
        host.UseKestrelHttpsConfiguration();
        host.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ServerCertificateSelector = (_, _) => identity.Current.TargetCertificate;
            https.OnAuthenticate = (_, handshake) => Present(handshake, identity);
        }));
    }

    // With its issuers, which a bare certificate would not bring along.
    private static void Present(SslServerAuthenticationOptions handshake, TlsIdentity identity)
    {
        handshake.ServerCertificateSelectionCallback = null;
        handshake.ServerCertificateContext = identity.Current;
    }

    private static string Url(string address, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"https://{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{port}");
}
