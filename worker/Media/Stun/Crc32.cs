namespace ClickToDial.Media.Stun;

/// <summary>The CRC of ISO 3309 and V.42, as FINGERPRINT wants it (RFC 8489 section 14.7).</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Remainder((uint)i))];

    public static uint Of(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        foreach (var octet in octets) crc = Table[(crc ^ octet) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static uint Remainder(uint value)
    {
        for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
        return value;
    }
}
