using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>Decodes typed values straight from the bytes of their fields. A value that cannot be read is null or false.</summary>
internal static class HeaderReader
{
    public static Via? TopVia(SipHeaders headers)
    {
        var index = headers.IndexOf(HeaderName.Via);
        return index >= 0 && ViaParser.TryParseFirst(headers.FieldAt(index).Bytes, out var via, out _) ? via : null;
    }

    public static NameAddress? Address(SipHeaders headers, HeaderName name)
    {
        var index = headers.IndexOf(name);
        return index >= 0 && NameAddressParser.TryParse(headers.FieldAt(index).Bytes, out var address) ? address : null;
    }

    /// <summary>All addresses of a list header, an empty list when there are none, null when one of them is malformed.</summary>
    public static List<NameAddress>? Addresses(SipHeaders headers, HeaderName name)
    {
        var result = new List<NameAddress>(1);
        for (var i = 0; i < headers.Count; i++)
            if (headers.FieldAt(i).Id == name && !AddAddresses(result, headers.FieldAt(i).Bytes)) return null;
        return result;
    }

    // CSeq = 1*DIGIT LWS Method, with the number below 2^31 (RFC 3261 section 8.1.1.5).
    public static bool TryCSeq(SipHeaders headers, out CSeq value)
    {
        value = default;
        var index = headers.IndexOf(HeaderName.CSeq);
        if (index < 0) return false;
        var text = Grammar.Trim(headers.FieldAt(index).Bytes);
        var space = text.IndexOfAny((byte)' ', (byte)'\t');
        if (space < 0 || !Grammar.TryNumber(text[..space], int.MaxValue, out var number)) return false;
        if (!SipMethod.TryParse(Grammar.Trim(text[space..]), out var method)) return false;
        value = new CSeq((uint)number, method);
        return true;
    }

    /// <summary>delta-seconds; what is no number, or does not fit 32 bits, counts as 3600 (RFC 3261 section 20.19).</summary>
    public static uint DeltaSeconds(string text) =>
        Grammar.TryNumber(Encoding.UTF8.GetBytes(text.Trim()), uint.MaxValue, out var seconds) ? (uint)seconds : 3600;

    private static bool AddAddresses(List<NameAddress> result, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = Grammar.ListElementEnd(text);
            var part = Grammar.Trim(text[..end]);
            text = end < text.Length ? text[(end + 1)..] : default;
            if (part.SequenceEqual("*"u8)) continue;
            if (!NameAddressParser.TryParse(part, out var address)) return false;
            result.Add(address);
        }
        return true;
    }
}
