namespace ClickToDial.Media.Audio;

/// <summary>G.711 in both laws, by table (ITU-T G.711). Linear samples are 16-bit.</summary>
public static class G711
{
    /// <summary>The octet of silence in mu-law.</summary>
    public const byte MuLawSilence = 0xFF;

    private static readonly short[] MuLaw = [.. Enumerable.Range(0, 256).Select(code => ExpandMuLaw((byte)code))];
    private static readonly short[] ALaw = [.. Enumerable.Range(0, 256).Select(code => ExpandALaw((byte)code))];
    private static readonly byte[] MuToA = [.. MuLaw.Select(CompressALaw)];
    private static readonly byte[] AToMu = [.. ALaw.Select(CompressMuLaw)];

    public static short DecodeMuLaw(byte code) => MuLaw[code];

    public static short DecodeALaw(byte code) => ALaw[code];

    public static byte EncodeMuLaw(short sample) => CompressMuLaw(sample);

    public static byte EncodeALaw(short sample) => CompressALaw(sample);

    /// <summary>Converts octets in place, mu-law to A-law.</summary>
    public static void MuLawToALaw(Span<byte> octets)
    {
        foreach (ref var octet in octets) octet = MuToA[octet];
    }

    /// <summary>Converts octets in place, A-law to mu-law.</summary>
    public static void ALawToMuLaw(Span<byte> octets)
    {
        foreach (ref var octet in octets) octet = AToMu[octet];
    }

    // Sign, three bits of segment, four of position; all inverted. Bias 33 of 14-bit samples, 132 of 16-bit ones.
    private static short ExpandMuLaw(byte code)
    {
        var bits = (byte)~code;
        var magnitude = ((((bits & 0x0F) << 3) + 132) << ((bits >> 4) & 7)) - 132;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }

    private static byte CompressMuLaw(short sample)
    {
        var negative = sample < 0;
        var magnitude = Math.Min(negative ? -(int)sample : sample, 32635) + 132;
        var segment = Math.Max(0, 24 - int.LeadingZeroCount(magnitude));
        var code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F);
        return (byte)~(negative ? code | 0x80 : code);
    }

    // Sign (1 = positive), segment, position; even bits inverted (0x55).
    private static short ExpandALaw(byte code)
    {
        var bits = code ^ 0x55;
        var segment = (bits >> 4) & 7;
        var magnitude = ((bits & 0x0F) << 4) + 8;
        if (segment > 0) magnitude = (magnitude + 256) << (segment - 1);
        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static byte CompressALaw(short sample)
    {
        var positive = sample >= 0;
        var magnitude = positive ? sample : -sample - 1; // so that -1 falls into the lowest negative step
        var segment = Math.Max(0, 24 - int.LeadingZeroCount(magnitude));
        var code = (segment << 4) | ((magnitude >> (segment == 0 ? 4 : segment + 3)) & 0x0F);
        return (byte)((positive ? code | 0x80 : code) ^ 0x55);
    }
}
