using System.Runtime.InteropServices;

namespace ClickToDial.Media.Dtls;

/// <summary>The functions of OpenSSL 3 (ssl.h, bio.h, x509.h) that this folder uses, and the names of what macros stand for there.</summary>
internal static unsafe partial class LibSsl
{
    public const int VerifyPeer = 1;
    public const int VerifyFailIfNone = 2;
    public const int KeyTypeEc = 408; // NID_X9_62_id_ecPublicKey
    public const int ErrorWantRead = 2;
    public const int ErrorWantWrite = 3;
    public const int ErrorZeroReturn = 6;
    public const ulong OptionNoQueryMtu = 1UL << 12;
    public const ulong OptionNoTicket = 1UL << 14;
    public const ulong OptionNoRenegotiation = 1UL << 30;
    public const int ControlSetMtu = 17;
    public const int ControlSessionCache = 44;
    public const int ControlGetTimeout = 73;
    public const int ControlHandleTimeout = 74;
    public const int ControlMinimumVersion = 123;
    public const int ControlEmptyMeansRetry = 130; // BIO_C_SET_BUF_MEM_EOF_RETURN
    public const int Dtls12 = 0xFEFD;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    private static readonly Lazy<string?> Failure = new(Load);

    /// <summary>Why DTLS cannot be had on this machine; null when it can.</summary>
    public static string? Problem => Failure.Value;

    private static string? Load() => NativeLibrary.TryLoad(Crypto, out _) && NativeLibrary.TryLoad(Ssl, out _)
        ? null
        : $"Calls with browsers need {Ssl}, which this machine has not: install the Debian package libssl3.";

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeValue
    {
        public long Seconds;
        public long Microseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct SrtpProtectionProfile
    {
        public byte* Name;
        public nuint Id;
    }

    [LibraryImport(Ssl)]
    public static partial nint DTLS_method();

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_certificate_ASN1(nint context, int length, byte* der);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_PrivateKey_ASN1(int type, nint context, byte* der, CLong length);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_tlsext_use_srtp(nint context, string profiles);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_cipher_list(nint context, string ciphers);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_verify(nint context, int mode, delegate* unmanaged<int, nint, int> decide);

    [LibraryImport(Ssl)]
    public static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Ssl)]
    public static partial CLong SSL_CTX_ctrl(nint context, int command, CLong number, void* pointer);

    [LibraryImport(Ssl)]
    public static partial nint SSL_new(nint context);

    [LibraryImport(Ssl)]
    public static partial void SSL_free(nint session);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_bio(nint session, nint read, nint write);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_accept_state(nint session);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_connect_state(nint session);

    [LibraryImport(Ssl)]
    public static partial int SSL_do_handshake(nint session);

    [LibraryImport(Ssl)]
    public static partial int SSL_read(nint session, byte* buffer, int length);

    [LibraryImport(Ssl)]
    public static partial int SSL_shutdown(nint session);

    [LibraryImport(Ssl)]
    public static partial int SSL_get_error(nint session, int result);

    [LibraryImport(Ssl)]
    public static partial CLong SSL_ctrl(nint session, int command, CLong number, void* pointer);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get1_peer_certificate(nint session);

    [LibraryImport(Ssl)]
    public static partial SrtpProtectionProfile* SSL_get_selected_srtp_profile(nint session);

    [LibraryImport(Ssl)]
    public static partial int SSL_export_keying_material(
        nint session, byte* output, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);

    [LibraryImport(Crypto)]
    public static partial nint BIO_s_mem();

    [LibraryImport(Crypto)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Crypto)]
    public static partial int BIO_write(nint bio, byte* data, int length);

    [LibraryImport(Crypto)]
    public static partial int BIO_read(nint bio, byte* data, int length);

    [LibraryImport(Crypto)]
    public static partial CLong BIO_ctrl(nint bio, int command, CLong number, void* pointer);

    [LibraryImport(Crypto)]
    public static partial int i2d_X509(nint certificate, byte** output);

    [LibraryImport(Crypto)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(Crypto)]
    public static partial void ERR_clear_error();
}
