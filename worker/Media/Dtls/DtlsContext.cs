using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Dtls;

/// <summary>
/// What all DTLS sessions of a process share: one certificate, signed by itself and made at start, and what may be agreed on.
/// DTLS 1.2, ephemeral keys, authenticated encryption. Thread-safe once made; outlives its sessions.
/// </summary>
public sealed unsafe class DtlsContext : IDisposable
{
    // RFC 5764 section 4.1.2 and RFC 7714 section 14.2, strongest first.
    private static readonly (SrtpProfile Profile, string Name)[] Profiles =
    [
        (SrtpProfile.AeadAes128Gcm, "SRTP_AEAD_AES_128_GCM"),
        (SrtpProfile.AesCm128HmacSha1Tag80, "SRTP_AES128_CM_SHA1_80"),
    ];

    private const string Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

    private DtlsContext(nint handle, DtlsFingerprint fingerprint)
    {
        Handle = handle;
        Fingerprint = fingerprint;
    }

    /// <summary>Why there is no DTLS with SRTP on this machine; null when there is.</summary>
    public static string? Problem => LibSsl.Problem ?? SrtpLibrary.Problem;

    /// <summary>Of our certificate, for SDP.</summary>
    public DtlsFingerprint Fingerprint { get; }

    internal nint Handle { get; private set; }

    /// <param name="time">For the certificate's dates, which nobody checks (RFC 5763 section 5): its fingerprint is what counts.</param>
    /// <exception cref="DllNotFoundException">OpenSSL 3 or libsrtp2 is missing; the message names the package that brings it.</exception>
    public static DtlsContext Create(TimeProvider time)
    {
        if (Problem is { } problem) throw new DllNotFoundException(problem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        // RFC 8827 section 6.5 wants nothing of the name; a common one says nothing of the machine.
        using var certificate = new CertificateRequest("CN=WebRTC", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        var context = LibSsl.SSL_CTX_new(LibSsl.DTLS_method());
        if (context == 0) throw new CryptographicException("OpenSSL makes no DTLS context.");
        try
        {
            Use(context, certificate.RawDataMemory.Span, key.ExportECPrivateKey());
            Restrict(context);
        }
        catch
        {
            LibSsl.SSL_CTX_free(context);
            throw;
        }
        return new DtlsContext(context, DtlsFingerprint.Of(certificate.RawDataMemory.Span));
    }

    /// <summary>What may be agreed on, in OpenSSL's notation: nothing whose keys could not be used afterwards.</summary>
    internal static string ProfilesFor(Func<SrtpProfile, bool> supports) =>
        string.Join(':', Profiles.Where(each => supports(each.Profile)).Select(each => each.Name));

    public void Dispose()
    {
        if (Handle != 0) LibSsl.SSL_CTX_free(Handle);
        Handle = 0;
    }

    private static void Use(nint context, ReadOnlySpan<byte> certificate, byte[] key)
    {
        fixed (byte* der = certificate, secret = key)
        {
            Must(LibSsl.SSL_CTX_use_certificate_ASN1(context, certificate.Length, der) == 1, "certificate");
            Must(LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.KeyTypeEc, context, secret, new CLong(key.Length)) == 1, "key");
        }
        CryptographicOperations.ZeroMemory(key);
    }

    private static void Restrict(nint context)
    {
        Must(LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlMinimumVersion, new CLong(LibSsl.Dtls12), null).Value == 1, "version");
        Must(LibSsl.SSL_CTX_set_cipher_list(context, Ciphers) == 1, "ciphers");
        Must(LibSsl.SSL_CTX_set_tlsext_use_srtp(context, ProfilesFor(SrtpLibrary.Supports)) == 0, "SRTP profiles");
        LibSsl.SSL_CTX_set_verify(context, LibSsl.VerifyPeer | LibSsl.VerifyFailIfNone, &TakeAny);
        _ = LibSsl.SSL_CTX_set_options(context, LibSsl.OptionNoQueryMtu | LibSsl.OptionNoTicket | LibSsl.OptionNoRenegotiation);
        _ = LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlSessionCache, new CLong(0), null);
    }

    // Nobody vouches for such a certificate; it is compared with the fingerprint once the handshake is through.
    [UnmanagedCallersOnly]
    private static int TakeAny(int isValid, nint store) => 1;

    private static void Must(bool holds, string what)
    {
        if (!holds) throw new CryptographicException($"OpenSSL does not take our {what}.");
    }
}
