using System.Text;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>The dialog whose place somebody wants (RFC 3891 section 6.1). The tags are seen from whoever receives it.</summary>
/// <param name="EarlyOnly">It is not wanted any more once it was answered.</param>
public sealed record Replaces(string CallId, string ToTag, string FromTag, bool EarlyOnly = false)
{
    private const int MaxLength = 512;

    /// <summary>Our side of it is the one its To names.</summary>
    public DialogId Dialog => new(CallId, ToTag, FromTag);

    /// <summary>Reads a header value: <c>callid *( SEMI replaces-param )</c> with each of the two tags once.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Replaces? replaces)
    {
        replaces = null;
        text = Grammar.Trim(text);
        var semicolon = text.IndexOf((byte)';');
        if (semicolon < 1 || text.Length > MaxLength) return false;
        var callId = Grammar.Trim(text[..semicolon]);
        if (callId.IsEmpty || callId.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)) return false;
        if (!ParameterParser.TryHeader(text[semicolon..], out var parameters)) return false;
        if (parameters.Get("to-tag") is not { Length: > 0 } to || parameters.Get("from-tag") is not { Length: > 0 } from) return false;
        if (!Grammar.IsToken(Encoding.UTF8.GetBytes(to)) || !Grammar.IsToken(Encoding.UTF8.GetBytes(from))) return false;
        replaces = new Replaces(Encoding.ASCII.GetString(callId), to, from, parameters.Has("early-only"));
        return true;
    }

    public static bool TryParse(string text, out Replaces? replaces)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(Encoding.UTF8.GetBytes(text), out replaces);
    }

    public override string ToString() => $"{CallId};to-tag={ToTag};from-tag={FromTag}{(EarlyOnly ? ";early-only" : "")}";
}
