using System.Net;
using System.Text;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>
/// A URI as SIP uses it: <c>sip:</c> and <c>sips:</c> (RFC 3261 section 19.1), <c>tel:</c> (RFC 3966), and any other scheme
/// as an opaque text. Immutable. Equality follows RFC 3261 section 19.1.4 for SIP URIs.
/// </summary>
public sealed class SipUri : IEquatable<SipUri>
{
    internal SipUri(string scheme, string? rawUser, string? rawPassword, string host, int port,
        SipParameters parameters, string? headers)
    {
        Scheme = scheme;
        RawUser = rawUser;
        RawPassword = rawPassword;
        Host = host;
        Port = port;
        Parameters = parameters;
        Headers = headers;
    }

    /// <summary>Lower case, without the colon.</summary>
    public string Scheme { get; }

    /// <summary>User part, percent-escapes decoded; for <c>tel:</c> the number; null when there is none.</summary>
    public string? User => RawUser is null ? null : UriText.Unescape(RawUser);

    /// <summary>Domain or address; an IPv6 address keeps its brackets. For an unknown scheme everything after the colon.</summary>
    public string Host { get; }

    /// <summary>0 when the URI names none.</summary>
    public int Port { get; }

    public SipParameters Parameters { get; }

    /// <summary>What stands after <c>?</c>, still escaped; null when there is none.</summary>
    public string? Headers { get; }

    public bool IsSip => Scheme is "sip" or "sips";

    public bool IsSecure => Scheme == "sips";

    public bool IsTel => Scheme == "tel";

    /// <summary>Loose routing (RFC 3261 section 19.1.1).</summary>
    public bool IsLooseRouter => Parameters.Has("lr");

    /// <summary>The <c>transport</c> parameter, or null.</summary>
    public string? Transport => Parameters.Get("transport");

    internal string? RawUser { get; }

    internal string? RawPassword { get; }

    /// <summary>Makes a SIP URI; the user is escaped as needed. Throws <see cref="ArgumentException"/> on an unfit host.</summary>
    public static SipUri Create(string? user, string host, int port = 0, SipParameters? parameters = null, bool secure = false)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.Contains(':', StringComparison.Ordinal) && host[0] != '[') host = $"[{host}]";
        if (!Grammar.IsHost(Encoding.UTF8.GetBytes(host))) throw new ArgumentException("Not a host name or address.", nameof(host));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)port, 65535u, nameof(port));
        return new SipUri(secure ? "sips" : "sip", user is null ? null : UriText.EscapeUser(user), null, host, port,
            parameters ?? SipParameters.Empty, null);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out SipUri uri) => SipUriParser.TryParse(text, out uri);

    public static bool TryParse(string text, out SipUri uri)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SipUriParser.TryParse(Encoding.UTF8.GetBytes(text), out uri);
    }

    /// <summary>Parses text known to be right, such as a constant; throws <see cref="FormatException"/> otherwise.</summary>
    public static SipUri Parse(string text) => TryParse(text, out var uri) ? uri : throw new FormatException("Not a SIP URI.");

    public SipUri WithParameter(string name, string? value) =>
        new(Scheme, RawUser, RawPassword, Host, Port, Parameters.With(name, value), Headers);

    public SipUri WithoutParameter(string name) =>
        new(Scheme, RawUser, RawPassword, Host, Port, Parameters.Without(name), Headers);

    public SipUri WithHost(string host, int port) => new(Scheme, RawUser, RawPassword, host, port, Parameters, Headers);

    /// <summary>A copy without headers and the parameters that may not stand in a request line (RFC 3261 table 1).</summary>
    public SipUri ForRequestLine() =>
        Headers is null && !Parameters.Has("method")
            ? this
            : new SipUri(Scheme, RawUser, RawPassword, Host, Port, Parameters.Without("method"), null);

    /// <summary>The host as an address, when it is one.</summary>
    public bool TryGetAddress(out IPAddress address)
    {
        var text = Host.Length > 2 && Host[0] == '[' ? Host.AsSpan(1, Host.Length - 2) : Host.AsSpan();
        return IPAddress.TryParse(text, out address!);
    }

    public bool Equals(SipUri? other) => other is not null && UriText.SameUri(this, other);

    public override bool Equals(object? obj) => Equals(obj as SipUri);

    public override int GetHashCode() =>
        HashCode.Combine(Scheme, IsTel ? UriText.TelDigits(RawUser) : User, Port, string.GetHashCode(Host, StringComparison.OrdinalIgnoreCase));

    public override string ToString()
    {
        var text = new StringBuilder(64);
        AppendTo(text);
        return text.ToString();
    }

    internal void AppendTo(StringBuilder text)
    {
        text.Append(Scheme).Append(':');
        if (RawUser is not null)
        {
            text.Append(RawUser);
            if (RawPassword is not null) text.Append(':').Append(RawPassword);
            if (IsSip) text.Append('@');
        }
        text.Append(Host);
        if (Port > 0) text.Append(':').Append(Port);
        Parameters.AppendTo(text);
        if (Headers is not null) text.Append('?').Append(Headers);
    }
}
