using System.Runtime.InteropServices;

namespace ClickToDial.Media.Srtp;

/// <summary>Whether the machine has libsrtp2, and what its build can do.</summary>
public static class SrtpLibrary
{
    private static readonly Lazy<string?> Failure = new(LibSrtp.Start);

    /// <summary>Why SRTP cannot be used on this machine, null when it can.</summary>
    public static string? Problem => Failure.Value;

    public static bool IsAvailable => Problem is null;

    /// <summary>False for a cipher the library was built without: AES-GCM needs one of its external crypto back ends.</summary>
    public static bool Supports(SrtpProfile profile)
    {
        if (!IsAvailable) return false;
        using var key = SrtpKey.Generate(profile, static octets => octets.Clear());
        var status = LibSrtp.Create(key, isSender: true, keyId: null, out var handle);
        handle.Dispose();
        return status == SrtpStatus.Ok;
    }

    /// <exception cref="DllNotFoundException">libsrtp2 is missing; the message names the package that brings it.</exception>
    public static void EnsureAvailable()
    {
        if (Problem is { } problem) throw new DllNotFoundException(problem);
    }
}

/// <summary>Owns the library's session, which wipes its derived keys when it is released.</summary>
internal sealed class SrtpHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibSrtp.Release(handle) == SrtpStatus.Ok;
}

/// <summary>srtp_err_status_t, as far as it is told apart.</summary>
internal enum SrtpStatus
{
    Ok = 0,
    Failed = 1,
    BadParameter = 2,
    AuthenticationFailed = 7,
    CipherFailed = 8,
    ReplayFailed = 9,
    ReplayOld = 10,
    KeyExpired = 15,
    ParseError = 21,
    BadKeyId = 25,
    IndexOld = 26,
    IndexAdvance = 27,
}

/// <summary>The functions and structures of libsrtp 2 (srtp.h) that this folder uses.</summary>
internal static unsafe partial class LibSrtp
{
    private const string Library = "libsrtp2.so.1";
    private const uint CipherAesIcm128 = 1;
    private const uint CipherAesGcm128 = 6;
    private const uint AuthNull = 0;
    private const uint AuthHmacSha1 = 3;
    private const int ConfidentialityAndAuthentication = 3;
    private const int AnyInbound = 2;
    private const int AnyOutbound = 3;

    // 20 seconds of 20 ms packets: a burst that waited in some queue is still taken once.
    private const nuint ReplayWindow = 1024;

    [StructLayout(LayoutKind.Sequential)]
    private struct CryptoPolicy
    {
        public uint CipherType;
        public int CipherKeyLength; // with the salt
        public uint AuthType;
        public int AuthKeyLength;
        public int AuthTagLength;
        public int Services;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MasterKey
    {
        public byte* Key;
        public byte* Id;
        public uint IdLength;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Policy
    {
        public int SsrcType;
        public uint SsrcValue;
        public CryptoPolicy Rtp;
        public CryptoPolicy Rtcp;
        public byte* Key;
        public MasterKey** Keys;
        public nuint KeyCount;
        public void* DeprecatedEkt;
        public nuint WindowSize;
        public int AllowRepeat;
        public int* EncryptedExtensions;
        public int EncryptedExtensionCount;
        public Policy* Next;
    }

    /// <summary>OpenSSL does the work, not what the library was built with; known once it has been started.</summary>
    public static bool HasOpenSslCiphers { get; private set; }

    /// <summary>Loads and initialises the library once for the process; null, or why that failed.</summary>
    public static string? Start()
    {
        if (!NativeLibrary.TryLoad(Library, out _))
            return $"SRTP needs {Library}, which this machine has not: install the Debian package libsrtp2-1.";
        var status = Init();
        HasOpenSslCiphers = status == SrtpStatus.Ok && OpenSslCiphers.TryInstall();
        return status == SrtpStatus.Ok ? null : $"libsrtp2 refused to start (srtp_init: {(int)status}).";
    }

    public static SrtpStatus Create(SrtpKey key, bool isSender, MasterKeyId? keyId, out SrtpHandle handle)
    {
        Span<byte> id = stackalloc byte[MasterKeyId.MaxLength];
        keyId?.Write(id);
        fixed (byte* octets = key.KeyAndSalt, idOctets = id)
        {
            var master = new MasterKey { Key = octets, Id = idOctets, IdLength = (uint)(keyId?.Length ?? 0) };
            var masters = &master;
            var policy = new Policy
            {
                SsrcType = isSender ? AnyOutbound : AnyInbound,
                Rtp = CryptoPolicyOf(key.Profile, key.Profile.RtpTagLength),
                Rtcp = CryptoPolicyOf(key.Profile, key.Profile.RtcpTagLength),
                Key = keyId is null ? octets : null,
                Keys = keyId is null ? null : &masters,
                KeyCount = keyId is null ? 0u : 1u,
                WindowSize = ReplayWindow,
            };
            return CreateSession(out handle, &policy);
        }
    }

    private static CryptoPolicy CryptoPolicyOf(SrtpProfile profile, int tagLength) => new()
    {
        CipherType = profile.IsAead ? CipherAesGcm128 : CipherAesIcm128,
        CipherKeyLength = profile.KeyAndSaltLength,
        AuthType = profile.IsAead ? AuthNull : AuthHmacSha1,
        AuthKeyLength = profile.IsAead ? 0 : 20,
        AuthTagLength = tagLength,
        Services = ConfidentialityAndAuthentication,
    };

    [LibraryImport(Library, EntryPoint = "srtp_init")]
    private static partial SrtpStatus Init();

    [LibraryImport(Library, EntryPoint = "srtp_replace_cipher_type")]
    public static partial SrtpStatus ReplaceCipher(OpenSslCiphers.CipherType* type, uint id);

    [LibraryImport(Library, EntryPoint = "srtp_create")]
    private static partial SrtpStatus CreateSession(out SrtpHandle session, Policy* policy);

    [LibraryImport(Library, EntryPoint = "srtp_dealloc")]
    public static partial SrtpStatus Release(nint session);

    [LibraryImport(Library, EntryPoint = "srtp_protect_mki")]
    public static partial SrtpStatus ProtectRtp(SrtpHandle session, byte* packet, ref int length, uint useKeyId, uint keyIndex);

    [LibraryImport(Library, EntryPoint = "srtp_unprotect_mki")]
    public static partial SrtpStatus UnprotectRtp(SrtpHandle session, byte* packet, ref int length, uint useKeyId);

    [LibraryImport(Library, EntryPoint = "srtp_protect_rtcp_mki")]
    public static partial SrtpStatus ProtectRtcp(SrtpHandle session, byte* packet, ref int length, uint useKeyId, uint keyIndex);

    [LibraryImport(Library, EntryPoint = "srtp_unprotect_rtcp_mki")]
    public static partial SrtpStatus UnprotectRtcp(SrtpHandle session, byte* packet, ref int length, uint useKeyId);
}
