using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Transport.Tls;

/// <summary>What lies between a socket and the messages on it.</summary>
internal interface IStreamSecurity
{
    /// <summary>
    /// Secures a fresh connection. Throws <see cref="AuthenticationException"/> or <see cref="IOException"/> when the peer is not
    /// who it should be, or does not speak the protocol.
    /// </summary>
    ValueTask<Stream> SecureAsync(Stream plain, SipFlow flow, bool isClient, CancellationToken stop);

    /// <summary>False when a connection to this peer must not even be tried.</summary>
    bool CanConnect(SipFlow flow);
}

/// <summary>
/// Handshakes by TLS 1.2 and 1.3, both sides (RFC 3261 section 26.3, RFC 5922). The client believes a server whose chain ends
/// at a trusted root and whose certificate speaks for the name that was looked up. Revocation is not checked.
/// </summary>
internal sealed class TlsSecurity : IStreamSecurity
{
    private readonly TlsSettings _settings;
    private readonly TlsIdentity _identity;
    private readonly X509ChainPolicy? _policy;

    public TlsSecurity(TlsSettings settings, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _identity = new TlsIdentity(settings, time, logger);
        if (settings.TrustedRootsFile is not { } file) return;
        _policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        _policy.CustomTrustStore.ImportFromPemFile(file);
    }

    public bool CanConnect(SipFlow flow) => flow.HostName is not null;

    public async ValueTask<Stream> SecureAsync(Stream plain, SipFlow flow, bool isClient, CancellationToken stop)
    {
        var secured = new SslStream(plain);
        try
        {
            if (isClient) await secured.AuthenticateAsClientAsync(ClientOptions(flow.HostName!), stop);
            else await secured.AuthenticateAsServerAsync(ServerOptions(), stop);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    private SslClientAuthenticationOptions ClientOptions(string host) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateContext = _identity.Current,
        CertificateChainPolicy = _policy?.Clone(),
        // The name is compared by the rules of RFC 5922, which know neither wildcards nor the order HTTP looks in.
        RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None
            && certificate is X509Certificate2 shown && SipDomain.Matches(shown, host),
    };

    private SslServerAuthenticationOptions ServerOptions() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ServerCertificateContext = _identity.Current,
        ClientCertificateRequired = _settings.ClientCertificates != ClientCertificates.None,
        CertificateChainPolicy = _policy?.Clone(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is null
            ? _settings.ClientCertificates != ClientCertificates.Required
            : errors == SslPolicyErrors.None,
    };
}
