using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClickToDial.Media.Srtp;

/// <summary>
/// AES for libsrtp2 by OpenSSL. Debian builds the library on NSS, which sets a key up anew for every packet, under a lock that all threads
/// share: half of what a protected packet costs. libsrtp2 lets its ciphers be replaced by others that pass its own tests; key
/// derivation, replay, rollover and authentication by HMAC stay its own.
/// <code>
///   AEAD_AES_128_GCM: set_iv(12 octets) → set_aad(header) → encrypt, get_tag | decrypt(with the tag)
///   AES_CM_128:       set_iv(16 octets, onto the salt) → encrypt = decrypt
/// </code>
/// </summary>
internal static unsafe class OpenSslCiphers
{
    private const uint Icm128 = 1; // SRTP_AES_ICM_128
    private const uint Gcm128 = 6; // SRTP_AES_GCM_128
    private const int KeyLength = 16;
    private const int IcmSaltLength = 14;
    private const int GcmSaltLength = 12;
    private const int DirectionEncrypt = 0; // srtp_direction_encrypt

    // The library refers to them until the process ends.
    private static CipherType* _icm;
    private static CipherType* _gcm;

    /// <summary>Puts these in the place of the library's own, which stay where they cannot be replaced. Once for the process, after srtp_init.</summary>
    /// <returns>True when both were.</returns>
    public static bool TryInstall()
    {
        if (!LibCrypto.IsAvailable) return false;
        _icm = Icm();
        _gcm = Gcm();
        return TryReplace(_icm) & TryReplace(_gcm);
    }

    private static bool TryReplace(CipherType* type)
    {
        try
        {
            return LibSrtp.ReplaceCipher(type, type->Id) == SrtpStatus.Ok;
        }
        catch (EntryPointNotFoundException)
        {
            return false; // a build that hides it
        }
    }

    private static CipherType* Icm()
    {
        var type = NewType(Icm128, "AES-128 counter mode by OpenSSL"u8);
        type->Alloc = &AllocIcm;
        type->Init = &InitIcm;
        type->SetIv = &BeginIcm;
        type->Encrypt = &Run;
        type->Decrypt = &Run;
        // RFC 3711 B.2.
        type->Test = NewTest(
            "2B7E151628AED2A6ABF7158809CF4F3CF0F1F2F3F4F5F6F7F8F9FAFBFCFD", new string('0', 32), new string('0', 64), aad: "", tagLength: 0,
            "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB");
        return type;
    }

    private static CipherType* Gcm()
    {
        var type = NewType(Gcm128, "AES-128 GCM by OpenSSL"u8);
        type->Alloc = &AllocGcm;
        type->Init = &InitGcm;
        type->SetAad = &SetAad;
        type->SetIv = &BeginGcm;
        type->Encrypt = &Run;
        type->Decrypt = &Open;
        type->GetTag = &GetTag;
        // RFC 7714 section 16.1.1.
        type->Test = NewTest(
            "000102030405060708090A0B0C0D0E0F517569642070726F2071756F", "51753C6580C2726F20718414",
            "47616C6C696120657374206F6D6E69732064697669736120696E207061727465732074726573", "8040F17B8041F8D35501A0B2", tagLength: 16,
            "F24DE3A3FB34DE6CACBA861C9D7E4BCABE633BD50D294E6F42A5F47A51C7D19B36DE3ADF8833899D7F27BEB16A9152CF765EE4390CCE");
        return type;
    }

    private static CipherType* NewType(uint id, ReadOnlySpan<byte> description)
    {
        var type = (CipherType*)NativeMemory.AllocZeroed((nuint)sizeof(CipherType));
        type->Id = id;
        type->Dealloc = &Dealloc;
        type->Description = Keep([.. description, 0]);
        return type;
    }

    private static TestCase* NewTest(string key, string iv, string plain, string aad, int tagLength, string cipher)
    {
        var test = (TestCase*)NativeMemory.AllocZeroed((nuint)sizeof(TestCase));
        test->KeyLength = key.Length / 2;
        test->Key = Keep(key);
        test->Iv = Keep(iv);
        test->PlainLength = (uint)plain.Length / 2;
        test->Plain = Keep(plain);
        test->CipherLength = (uint)cipher.Length / 2;
        test->Cipher = Keep(cipher);
        test->AadLength = aad.Length / 2;
        test->Aad = Keep(aad);
        test->TagLength = tagLength;
        return test;
    }

    private static byte* Keep(string hex) => Keep(Convert.FromHexString(hex));

    private static byte* Keep(byte[] octets)
    {
        var copy = (byte*)NativeMemory.Alloc((nuint)octets.Length + 1);
        octets.CopyTo(new Span<byte>(copy, octets.Length));
        return copy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus AllocIcm(Cipher** place, int keyLength, int tagLength) =>
        keyLength == KeyLength + IcmSaltLength ? Alloc(place, _icm, keyLength, tagLength: 0) : SrtpStatus.BadParameter;

    // The library's own tests have a tag of 8 octets too.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus AllocGcm(Cipher** place, int keyLength, int tagLength) =>
        keyLength == KeyLength + GcmSaltLength && tagLength is 8 or 16 ? Alloc(place, _gcm, keyLength, tagLength) : SrtpStatus.BadParameter;

    private static SrtpStatus Alloc(Cipher** place, CipherType* type, int keyLength, int tagLength)
    {
        *place = null;
        var context = LibCrypto.EVP_CIPHER_CTX_new();
        if (context == 0) return SrtpStatus.Failed;
        var cipher = (Cipher*)NativeMemory.AllocZeroed((nuint)(sizeof(Cipher) + sizeof(State)));
        var state = (State*)(cipher + 1);
        (state->Context, state->TagLength) = (context, tagLength);
        *cipher = new Cipher { Type = type, State = state, KeyLength = keyLength, Algorithm = (int)type->Id };
        *place = cipher;
        return SrtpStatus.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus Dealloc(Cipher* cipher)
    {
        LibCrypto.EVP_CIPHER_CTX_free(cipher->State->Context); // wipes the key
        NativeMemory.Clear(cipher, (nuint)(sizeof(Cipher) + sizeof(State)));
        NativeMemory.Free(cipher);
        return SrtpStatus.Ok;
    }

    // The salt is the library's own business here: it has made the initialization vector with it.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus InitGcm(State* state, byte* key) =>
        Said(LibCrypto.SetKey(state->Context, LibCrypto.EVP_aes_128_gcm(), 0, key, null, encrypt: 1));

    // RFC 3711 section 4.1.1: the salt, two octets up, is part of every counter.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus InitIcm(State* state, byte* key)
    {
        new Span<byte>(key + KeyLength, IcmSaltLength).CopyTo(new Span<byte>(state->Salt, KeyLength));
        return Said(LibCrypto.SetKey(state->Context, LibCrypto.EVP_aes_128_ctr(), 0, key, null, encrypt: 1));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus BeginGcm(State* state, byte* iv, int direction) =>
        Said(LibCrypto.Begin(state->Context, 0, 0, null, iv, direction == DirectionEncrypt ? 1 : 0));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus BeginIcm(State* state, byte* iv, int direction)
    {
        _ = direction; // the same both ways
        var counter = stackalloc byte[KeyLength];
        for (var i = 0; i < KeyLength; i++) counter[i] = (byte)(iv[i] ^ state->Salt[i]);
        return Said(LibCrypto.Begin(state->Context, 0, 0, null, counter, encrypt: 1));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus SetAad(State* state, byte* aad, uint length)
    {
        int written;
        return length == 0 ? SrtpStatus.Ok : Said(LibCrypto.EVP_CipherUpdate(state->Context, null, &written, aad, (int)length));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus Run(State* state, byte* octets, uint* length)
    {
        int written;
        return *length == 0 ? SrtpStatus.Ok : Said(LibCrypto.EVP_CipherUpdate(state->Context, octets, &written, octets, (int)*length));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus Open(State* state, byte* octets, uint* length)
    {
        var text = (int)*length - state->TagLength;
        if (text < 0) return SrtpStatus.BadParameter;
        int written;
        if (LibCrypto.EVP_CIPHER_CTX_ctrl(state->Context, LibCrypto.ControlSetTag, state->TagLength, octets + text) != 1) return SrtpStatus.Failed;
        if (text > 0 && LibCrypto.EVP_CipherUpdate(state->Context, octets, &written, octets, text) != 1) return SrtpStatus.CipherFailed;
        if (LibCrypto.EVP_CipherFinal_ex(state->Context, octets + text, &written) != 1) return SrtpStatus.AuthenticationFailed;
        *length = (uint)text;
        return SrtpStatus.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static SrtpStatus GetTag(State* state, byte* tag, uint* length)
    {
        int written;
        var none = stackalloc byte[KeyLength];
        if (LibCrypto.EVP_CipherFinal_ex(state->Context, none, &written) != 1) return SrtpStatus.CipherFailed;
        *length = (uint)state->TagLength;
        return Said(LibCrypto.EVP_CIPHER_CTX_ctrl(state->Context, LibCrypto.ControlGetTag, state->TagLength, tag));
    }

    private static SrtpStatus Said(int isOk) => isOk == 1 ? SrtpStatus.Ok : SrtpStatus.CipherFailed;

    internal struct State
    {
        public nint Context;
        public int TagLength;
        public fixed byte Salt[KeyLength]; // with the counter's two octets, which are zero
    }

    /// <summary>srtp_cipher_t (cipher.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Cipher
    {
        public CipherType* Type;
        public State* State;
        public int KeyLength;
        public int Algorithm;
    }

    /// <summary>srtp_cipher_test_case_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TestCase
    {
        public int KeyLength;
        public byte* Key;
        public byte* Iv;
        public uint PlainLength;
        public byte* Plain;
        public uint CipherLength;
        public byte* Cipher;
        public int AadLength;
        public byte* Aad;
        public int TagLength;
        public TestCase* Next;
    }

    /// <summary>srtp_cipher_type_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CipherType
    {
        public delegate* unmanaged[Cdecl]<Cipher**, int, int, SrtpStatus> Alloc;
        public delegate* unmanaged[Cdecl]<Cipher*, SrtpStatus> Dealloc;
        public delegate* unmanaged[Cdecl]<State*, byte*, SrtpStatus> Init;
        public delegate* unmanaged[Cdecl]<State*, byte*, uint, SrtpStatus> SetAad;
        public delegate* unmanaged[Cdecl]<State*, byte*, uint*, SrtpStatus> Encrypt;
        public delegate* unmanaged[Cdecl]<State*, byte*, uint*, SrtpStatus> Decrypt;
        public delegate* unmanaged[Cdecl]<State*, byte*, int, SrtpStatus> SetIv;
        public delegate* unmanaged[Cdecl]<State*, byte*, uint*, SrtpStatus> GetTag;
        public byte* Description;
        public TestCase* Test;
        public uint Id;
    }
}
