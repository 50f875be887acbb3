using System.Globalization;
using System.Text;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>One Via value (RFC 3261 section 20.42, RFC 3581). Immutable.</summary>
public sealed class Via(string transport, string host, int port, SipParameters parameters, string version = "2.0")
{
    /// <summary>The protocol version; anything but 2.0 is only ever echoed.</summary>
    public string Version { get; } = version;

    /// <summary>What every branch made by an RFC 3261 element begins with (section 8.1.1.7).</summary>
    public const string MagicCookie = "z9hG4bK";

    /// <summary>Upper case: UDP, TCP, TLS, WS, WSS, or whatever the peer wrote.</summary>
    public string Transport { get; } = transport;

    public string Host { get; } = host;

    /// <summary>0 when absent: then the default of the transport.</summary>
    public int Port { get; } = port;

    public SipParameters Parameters { get; } = parameters;

    public string? Branch => Parameters.Get("branch");

    public string? Received => Parameters.Get("received");

    /// <summary>True when the sender asked for symmetric response routing (RFC 3581 section 3).</summary>
    public bool WantsRport => Parameters.Has("rport");

    /// <summary>The port filled in by the server, or 0.</summary>
    public int Rport =>
        int.TryParse(Parameters.Get("rport"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port : 0;

    /// <summary>
    /// True when the branch can serve as transaction id: the magic cookie with something after it. A bare cookie is what a
    /// broken peer sends for every request, so it is matched by the older rules (RFC 4475 section 3.2.1).
    /// </summary>
    public bool HasRfc3261Branch => Branch is { } branch && branch.Length > MagicCookie.Length
        && branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    public Via WithParameter(string name, string? value) => new(Transport, Host, Port, Parameters.With(name, value), Version);

    public static bool TryParse(ReadOnlySpan<byte> text, out Via via) => ViaParser.TryParseFirst(text, out via, out var used) && used == text.Length;

    public static bool TryParse(string text, out Via via)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(Encoding.UTF8.GetBytes(text), out via);
    }

    public override string ToString()
    {
        var text = new StringBuilder(80).Append("SIP/").Append(Version).Append('/').Append(Transport).Append(' ').Append(Host);
        if (Port > 0) text.Append(':').Append(Port);
        Parameters.AppendTo(text);
        return text.ToString();
    }
}

/// <summary>A CSeq value (RFC 3261 section 8.1.1.5): below 2^31, with the method it numbers.</summary>
public readonly record struct CSeq(uint Number, SipMethod Method)
{
    public override string ToString() => $"{Number} {Method.Name}";
}
