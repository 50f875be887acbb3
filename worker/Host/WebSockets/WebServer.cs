using System.Globalization;
using System.Net.Security;
using ClickToDial.Sip.Transport.Tls;
using ClickToDial.Worker.Configuration;

namespace ClickToDial.Worker.WebSockets;

/// <summary>The addresses of the web server, and TLS with the certificate of SIP, which is renewed in place there too.</summary>
internal static class WebServer
{
    public static void Configure(WebApplicationBuilder builder, WorkerSettings settings)
    {
        List<string> urls = [settings.Worker.ControlUrl];
        if (settings.Sip.WssPort >= 0)
            urls.AddRange(AddressList.Parse(settings.Sip.BindAddress)!.Select(address => Url(address.ToString(), settings.Sip.WssPort)));
        builder.WebHost.UseUrls([.. urls]);
        if (settings.Sip.Tls is not { } tls) return;
        var identity = new TlsIdentity(tls, TimeProvider.System, LoggerFactory.Create(log => log.AddJsonConsole()).CreateLogger<TlsIdentity>());
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
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
