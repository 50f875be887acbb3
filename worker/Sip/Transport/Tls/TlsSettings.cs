namespace ClickToDial.Sip.Transport.Tls;

/// <summary>Whether the side that connects to us has to show a certificate.</summary>
public enum ClientCertificates
{
    /// <summary>Not asked for: phones with passwords.</summary>
    None,

    /// <summary>Asked for and checked when there; a client without one is let in, but its connection is not reused for requests to it.</summary>
    Asked,

    /// <summary>Without a valid one the handshake fails: trunks with mutual TLS.</summary>
    Required,
}

/// <summary>
/// The certificate this side shows and what it believes. Both files are PEM; the certificate may be followed by its issuers.
/// They are looked at again when a handshake begins, so a renewed certificate needs no restart.
/// </summary>
public sealed record TlsSettings(string CertificateFile, string KeyFile)
{
    /// <summary>PEM file of the authorities to believe instead of the system's. Null: the system's. Read once, at start.</summary>
    public string? TrustedRootsFile { get; init; }

    public ClientCertificates ClientCertificates { get; init; }

    /// <summary>The files are looked at no more often than this. Default 5 seconds.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(5);
}
