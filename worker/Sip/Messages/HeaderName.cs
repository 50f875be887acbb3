using System.Text;

namespace ClickToDial.Sip.Messages;

/// <summary>Header fields this stack knows; <see cref="Other"/> fields are kept by their own name.</summary>
public enum HeaderName : byte
{
    Other,
    Accept,
    AcceptEncoding,
    AcceptLanguage,
    AlertInfo,
    Allow,
    AllowEvents,
    AuthenticationInfo,
    Authorization,
    CallId,
    CallInfo,
    Contact,
    ContentDisposition,
    ContentEncoding,
    ContentLength,
    ContentType,
    CSeq,
    Date,
    Diversion,
    ErrorInfo,
    Event,
    Expires,
    From,
    HistoryInfo,
    InReplyTo,
    MaxForwards,
    MimeVersion,
    MinExpires,
    MinSE,
    Organization,
    PAssertedIdentity,
    Path,
    PPreferredIdentity,
    Privacy,
    Priority,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyRequire,
    RAck,
    Reason,
    RecordRoute,
    ReferredBy,
    ReferTo,
    Replaces,
    ReplyTo,
    Require,
    RetryAfter,
    Route,
    RSeq,
    Server,
    ServiceRoute,
    SessionExpires,
    Subject,
    SubscriptionState,
    Supported,
    Timestamp,
    To,
    Unsupported,
    UserAgent,
    Via,
    Warning,
    WwwAuthenticate,
}

/// <summary>Canonical spelling, compact form and look-up of the known header fields.</summary>
public static class HeaderNames
{
    private static readonly string[] Canonical = BuildCanonical();

    private static readonly byte[][] CanonicalUtf8 = Array.ConvertAll(Canonical, Encoding.ASCII.GetBytes);

    // Candidates by length: a look-up compares at most a handful of names.
    private static readonly HeaderName[][] ByLength = BuildByLength();

    /// <summary>The spelling written on the wire; empty for <see cref="HeaderName.Other"/>.</summary>
    public static string Text(HeaderName name) => Canonical[(int)name];

    internal static ReadOnlySpan<byte> Utf8(HeaderName name) => CanonicalUtf8[(int)name];

    /// <summary>Finds a header by full or compact name, ignoring case (RFC 3261 sections 7.3.1 and 7.3.3).</summary>
    public static HeaderName Find(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1) return FromCompact((byte)(name[0] | 0x20));
        if (name.Length >= ByLength.Length) return HeaderName.Other;
        foreach (var candidate in ByLength[name.Length])
            if (Ascii.EqualsIgnoreCase(name, Utf8(candidate))) return candidate;
        return HeaderName.Other;
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public static HeaderName Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length < 64 && Ascii.IsValid(name) ? Find(Encoding.ASCII.GetBytes(name)) : HeaderName.Other;
    }

    // RFC 3261 section 20, RFC 3515 (r), RFC 3892 (b), RFC 4028 (x), RFC 6665 (o, u).
    private static HeaderName FromCompact(byte letter) => letter switch
    {
        (byte)'b' => HeaderName.ReferredBy,
        (byte)'c' => HeaderName.ContentType,
        (byte)'e' => HeaderName.ContentEncoding,
        (byte)'f' => HeaderName.From,
        (byte)'i' => HeaderName.CallId,
        (byte)'k' => HeaderName.Supported,
        (byte)'l' => HeaderName.ContentLength,
        (byte)'m' => HeaderName.Contact,
        (byte)'o' => HeaderName.Event,
        (byte)'r' => HeaderName.ReferTo,
        (byte)'s' => HeaderName.Subject,
        (byte)'t' => HeaderName.To,
        (byte)'u' => HeaderName.AllowEvents,
        (byte)'v' => HeaderName.Via,
        (byte)'x' => HeaderName.SessionExpires,
        _ => HeaderName.Other,
    };

    private static string[] BuildCanonical()
    {
        var names = new string[(int)HeaderName.WwwAuthenticate + 1];
        foreach (var value in Enum.GetValues<HeaderName>()) names[(int)value] = Spell(value);
        return names;
    }

    private static string Spell(HeaderName name) => name switch
    {
        HeaderName.Other => "",
        HeaderName.CallId => "Call-ID",
        HeaderName.CSeq => "CSeq",
        HeaderName.MimeVersion => "MIME-Version",
        HeaderName.MinSE => "Min-SE",
        HeaderName.RAck => "RAck",
        HeaderName.RSeq => "RSeq",
        HeaderName.WwwAuthenticate => "WWW-Authenticate",
        _ => Hyphenate(name.ToString()),
    };

    // ContentType -> Content-Type.
    private static string Hyphenate(string words)
    {
        var text = new StringBuilder(words.Length + 4);
        foreach (var letter in words)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0) text.Append('-');
            text.Append(letter);
        }
        return text.ToString();
    }

    private static HeaderName[][] BuildByLength()
    {
        var longest = 0;
        foreach (var name in Canonical) longest = Math.Max(longest, name.Length);
        var table = new HeaderName[longest + 1][];
        for (var length = 0; length <= longest; length++)
        {
            var wanted = length;
            table[length] = Array.FindAll(Enum.GetValues<HeaderName>(), n => n != HeaderName.Other && Text(n).Length == wanted);
        }
        return table;
    }
}
