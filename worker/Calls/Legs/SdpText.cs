namespace ClickToDial.Calls.Legs;

/// <summary>Session descriptions as text.</summary>
internal static class SdpText
{
    /// <summary>True when both say the same of the session, whatever version each gives itself in its <c>o=</c> line.</summary>
    public static bool SaySame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        while (!one.IsEmpty && !other.IsEmpty)
        {
            var first = Line(ref one);
            var second = Line(ref other);
            if (first.StartsWith("o="u8) && second.StartsWith("o="u8)) continue;
            if (!first.SequenceEqual(second)) return false;
        }
        return one.IsEmpty && other.IsEmpty;
    }

    /// <summary>True when keys stand in it (RFC 4568); those of DTLS-SRTP never do.</summary>
    public static bool HasKeys(ReadOnlySpan<byte> description)
    {
        while (!description.IsEmpty)
            if (Line(ref description).StartsWith("a=crypto:"u8)) return true;
        return false;
    }

    private static ReadOnlySpan<byte> Line(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }
}
