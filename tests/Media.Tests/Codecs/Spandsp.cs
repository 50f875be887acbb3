using System.Runtime.InteropServices;

namespace ClickToDial.Media.Tests.Codecs;

/// <summary>G.722 of libspandsp, an implementation nobody here wrote: Debian package libspandsp2, which baresip brings along.</summary>
internal static class Spandsp
{
    private const string Library = "libspandsp.so.2";

    public static string? Problem { get; } =
        NativeLibrary.TryLoad(Library, out _) ? null : $"{Library} is not installed (Debian package libspandsp2).";

    public static byte[] Encode(short[] pcm)
    {
        var state = g722_encode_init(0, 64000, 0);
        var payload = new byte[pcm.Length / 2];
        Assert.Equal(payload.Length, g722_encode(state, payload, pcm, pcm.Length));
        Assert.Equal(0, g722_encode_free(state));
        return payload;
    }

    public static short[] Decode(byte[] payload)
    {
        var state = g722_decode_init(0, 64000, 0);
        var pcm = new short[payload.Length * 2];
        Assert.Equal(pcm.Length, g722_decode(state, pcm, payload, payload.Length));
        Assert.Equal(0, g722_decode_free(state));
        return pcm;
    }

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint g722_encode_init(nint state, int rate, int options);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int g722_encode(nint state, byte[] payload, short[] pcm, int samples);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int g722_encode_free(nint state);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint g722_decode_init(nint state, int rate, int options);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int g722_decode(nint state, short[] pcm, byte[] payload, int octets);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int g722_decode_free(nint state);
}
