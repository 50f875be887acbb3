using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Authentication;

/// <summary>
/// A challenge or credentials: <c>scheme SP name=value *( "," name=value )</c> (RFC 3261 section 25.1). A parameter that
/// appears twice makes it malformed, because two readers could then disagree on what was signed.
/// </summary>
public sealed class AuthHeader
{
    private const int MaxParameters = 32;

    private readonly List<KeyValuePair<string, string>> _parameters;

    private AuthHeader(string scheme, List<KeyValuePair<string, string>> parameters)
    {
        Scheme = scheme;
        _parameters = parameters;
    }

    public string Scheme { get; }

    public bool IsDigest => string.Equals(Scheme, "Digest", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value without quotes, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _parameters)
                if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) return value;
            return null;
        }
    }

    public static bool TryParse(string text, out AuthHeader header)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(Encoding.UTF8.GetBytes(text), out header);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out AuthHeader header)
    {
        header = null!;
        text = Grammar.Trim(text);
        var space = text.IndexOfAny((byte)' ', (byte)'\t');
        if (space < 0 || !Grammar.IsToken(text[..space])) return false;
        var scheme = Encoding.ASCII.GetString(text[..space]);
        var parameters = new List<KeyValuePair<string, string>>(10);
        text = text[space..];
        while (!(text = Grammar.Trim(text)).IsEmpty)
        {
            if (parameters.Count == MaxParameters) return false;
            var end = ElementEnd(text);
            if (!TryOne(Grammar.Trim(text[..end]), parameters)) return false;
            text = end < text.Length ? text[(end + 1)..] : default;
        }
        header = new AuthHeader(scheme, parameters);
        return true;
    }

    // Angle brackets mean nothing here, unlike in lists of addresses.
    private static int ElementEnd(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ',') return i;
            if (text[i] == '"') i += Grammar.QuotedLength(text[i..]) - 1;
        }
        return text.Length;
    }

    private static bool TryOne(ReadOnlySpan<byte> text, List<KeyValuePair<string, string>> parameters)
    {
        var equals = text.IndexOf((byte)'=');
        if (equals < 1) return false;
        var name = Grammar.Trim(text[..equals]);
        var value = Grammar.Trim(text[(equals + 1)..]);
        if (!Grammar.IsToken(name) || value.IsEmpty) return false;
        if (value[0] == '"' ? !Grammar.IsQuoted(value) : value.ContainsAny((byte)' ', (byte)'"')) return false;
        var key = Encoding.ASCII.GetString(name);
        foreach (var known in parameters)
            if (string.Equals(known.Key, key, StringComparison.OrdinalIgnoreCase)) return false;
        parameters.Add(new(key, WireText.Unquote(ParameterParser.DecodeText(value))));
        return true;
    }
}
