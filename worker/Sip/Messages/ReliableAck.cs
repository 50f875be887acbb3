using System.Globalization;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>RAck (RFC 3262 section 7.2): which provisional response to which request a PRACK is for.</summary>
public readonly record struct ReliableAck(uint Response, CSeq Request)
{
    /// <summary>False when the header is missing or malformed.</summary>
    public static bool TryRead(SipHeaders headers, out ReliableAck value)
    {
        ArgumentNullException.ThrowIfNull(headers);
        value = default;
        var index = headers.IndexOf(HeaderName.RAck);
        if (index < 0) return false;
        var text = Grammar.Trim(headers.FieldAt(index).Bytes);
        if (!TryNumber(ref text, uint.MaxValue, out var response) || !TryNumber(ref text, int.MaxValue, out var request)) return false;
        if (!SipMethod.TryParse(text, out var method)) return false;
        value = new ReliableAck(response, new CSeq(request, method));
        return true;
    }

    /// <summary>RSeq (section 7.1), from 1; null when it is missing or malformed.</summary>
    public static uint? ReadSequence(SipHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var index = headers.IndexOf(HeaderName.RSeq);
        return index >= 0 && Grammar.TryNumber(Grammar.Trim(headers.FieldAt(index).Bytes), uint.MaxValue, out var value) && value > 0 ? (uint)value : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Response} {Request}");

    private static bool TryNumber(ref ReadOnlySpan<byte> text, ulong max, out uint number)
    {
        number = 0;
        var space = text.IndexOfAny((byte)' ', (byte)'\t');
        if (space < 0 || !Grammar.TryNumber(text[..space], max, out var value)) return false;
        number = (uint)value;
        text = text[space..].TrimStart(" \t"u8);
        return true;
    }
}
