using System.Runtime.InteropServices;

namespace ClickToDial.Media.Codecs;

/// <summary>Whether the machine has libopus.</summary>
public static class OpusLibrary
{
    private static readonly Lazy<string?> Failure = new(LibOpus.Load);

    /// <summary>Why Opus cannot be transcoded on this machine, null when it can. It is passed through all the same.</summary>
    public static string? Problem => Failure.Value;

    public static bool IsAvailable => Problem is null;

    /// <exception cref="DllNotFoundException">libopus is missing; the message names the package that brings it.</exception>
    public static void EnsureAvailable()
    {
        if (Problem is { } problem) throw new DllNotFoundException(problem);
    }
}

internal sealed class OpusDecoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibOpus.DestroyDecoder(handle);
        return true;
    }
}

internal sealed class OpusEncoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibOpus.DestroyEncoder(handle);
        return true;
    }
}

/// <summary>The functions of libopus 1.x (opus.h) that this folder uses.</summary>
internal static unsafe partial class LibOpus
{
    public const int ApplicationVoip = 2048;
    public const int SetBitrate = 4002;
    public const int SetComplexity = 4010;
    public const int SetInbandFec = 4012;
    public const int SetExpectedLoss = 4014;
    public const int SetDtx = 4016;
    public const int SetSignal = 4024;
    public const int SignalVoice = 3001;

    private const string Library = "libopus.so.0";

    /// <summary>Null, or why the library cannot be used.</summary>
    public static string? Load() => NativeLibrary.TryLoad(Library, out _)
        ? null
        : $"Opus needs {Library}, which this machine has not: install the Debian package libopus0.";

    [LibraryImport(Library, EntryPoint = "opus_decoder_create")]
    public static partial OpusDecoderHandle CreateDecoder(int sampleRate, int channels, out int error);

    [LibraryImport(Library, EntryPoint = "opus_decoder_destroy")]
    public static partial void DestroyDecoder(nint decoder);

    [LibraryImport(Library, EntryPoint = "opus_decode")]
    public static partial int Decode(OpusDecoderHandle decoder, byte* payload, int length, short* pcm, int samples, int useFec);

    [LibraryImport(Library, EntryPoint = "opus_packet_get_nb_samples")]
    public static partial int Samples(byte* payload, int length, int sampleRate);

    [LibraryImport(Library, EntryPoint = "opus_encoder_create")]
    public static partial OpusEncoderHandle CreateEncoder(int sampleRate, int channels, int application, out int error);

    [LibraryImport(Library, EntryPoint = "opus_encoder_destroy")]
    public static partial void DestroyEncoder(nint encoder);

    [LibraryImport(Library, EntryPoint = "opus_encode")]
    public static partial int Encode(OpusEncoderHandle encoder, short* pcm, int samples, byte* payload, int maxLength);

    // Variadic in C. Integer arguments go where fixed ones go in the Linux ABIs of x86-64 and arm64.
    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    public static partial int Control(OpusEncoderHandle encoder, int request, int value);
}
