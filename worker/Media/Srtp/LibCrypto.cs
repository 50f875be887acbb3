using System.Runtime.InteropServices;

namespace ClickToDial.Media.Srtp;

/// <summary>The functions of OpenSSL 3 (evp.h) that this folder uses. Those that every packet takes are short and call nobody back.</summary>
internal static unsafe partial class LibCrypto
{
    public const int ControlGetTag = 0x10; // EVP_CTRL_AEAD_GET_TAG
    public const int ControlSetTag = 0x11; // EVP_CTRL_AEAD_SET_TAG

    private const string Library = "libcrypto.so.3";

    public static bool IsAvailable => NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library)]
    public static partial nint EVP_aes_128_gcm();

    [LibraryImport(Library)]
    public static partial nint EVP_aes_128_ctr();

    [LibraryImport(Library)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_CipherInit_ex")]
    public static partial int SetKey(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "EVP_CipherInit_ex")]
    public static partial int Begin(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static partial int EVP_CipherUpdate(nint context, byte* output, int* written, byte* input, int length);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static partial int EVP_CipherFinal_ex(nint context, byte* output, int* written);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, byte* pointer);
}
