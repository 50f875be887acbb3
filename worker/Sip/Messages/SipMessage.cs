using System.Globalization;
using System.Net.Sockets;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>
/// A SIP message. The typed properties decode their header when first asked and keep the value until a header changes.
/// A message that came from the wire without <see cref="Defect"/> has valid Via, From, To, Call-ID and CSeq. One owner at a
/// time; nothing here is thread-safe.
/// </summary>
public abstract class SipMessage
{
    private int _decodedVersion = -1;
    private Via? _topVia;
    private NameAddress? _from;
    private NameAddress? _to;
    private CSeq _cseq;

    private protected SipMessage(SipHeaders headers) => Headers = headers;

    public SipHeaders Headers { get; }

    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Why a received message is not acceptable; <see cref="MessageDefect.None"/> for all others.</summary>
    public MessageDefect Defect { get; internal set; }

    /// <summary>Empty when the header is missing.</summary>
    public string CallId => Headers.Get(HeaderName.CallId) ?? "";

    /// <summary>The Via nearest to the receiver. Throws <see cref="InvalidOperationException"/> on a message without one.</summary>
    public Via TopVia
    {
        get
        {
            Refresh();
            return _topVia ??= HeaderReader.TopVia(Headers) ?? throw Missing(HeaderName.Via);
        }
    }

    public NameAddress From
    {
        get
        {
            Refresh();
            return _from ??= HeaderReader.Address(Headers, HeaderName.From) ?? throw Missing(HeaderName.From);
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Headers.Set(HeaderName.From, value.ToString());
        }
    }

    public NameAddress To
    {
        get
        {
            Refresh();
            return _to ??= HeaderReader.Address(Headers, HeaderName.To) ?? throw Missing(HeaderName.To);
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Headers.Set(HeaderName.To, value.ToString());
        }
    }

    public CSeq CSeq
    {
        get
        {
            Refresh();
            if (_cseq.Method.Name.Length == 0 && !HeaderReader.TryCSeq(Headers, out _cseq)) throw Missing(HeaderName.CSeq);
            return _cseq;
        }
        set => Headers.Set(HeaderName.CSeq, value.ToString());
    }

    /// <summary>The first Contact that is an address (not <c>*</c>), or null when there is none or it is malformed.</summary>
    public NameAddress? Contact => HeaderReader.Addresses(Headers, HeaderName.Contact) is { Count: > 0 } all ? all[0] : null;

    /// <summary>All Contact addresses, or null when one of them is malformed.</summary>
    public List<NameAddress>? Contacts => HeaderReader.Addresses(Headers, HeaderName.Contact);

    /// <summary>Expires in seconds, or null when absent; a malformed or huge value counts as 3600 (RFC 3261 section 20.19).</summary>
    public uint? Expires => Headers.Get(HeaderName.Expires) is { } text ? HeaderReader.DeltaSeconds(text) : null;

    public string? ContentType => Headers.Get(HeaderName.ContentType);

    /// <summary>True when the Content-Type is this one, ignoring case and parameters.</summary>
    public bool HasContentType(string type)
    {
        if (ContentType is not { } text) return false;
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        var bare = (semicolon < 0 ? text.AsSpan() : text.AsSpan(0, semicolon)).Trim();
        return bare.Equals(type, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Sets body and Content-Type; an empty body takes the type away. Content-Length is the writer's business.</summary>
    public void SetBody(ReadOnlyMemory<byte> body, string? contentType)
    {
        Body = body;
        if (body.IsEmpty || contentType is null) Headers.Remove(HeaderName.ContentType);
        else Headers.Set(HeaderName.ContentType, contentType);
    }

    internal void AttachBody(ReadOnlyMemory<byte> body) => Body = body;

    private void Refresh()
    {
        if (_decodedVersion == Headers.Version) return;
        _decodedVersion = Headers.Version;
        _topVia = null;
        _from = _to = null;
        _cseq = default;
    }

    private static InvalidOperationException Missing(HeaderName name) =>
        new($"The message has no valid {HeaderNames.Text(name)}.");
}

/// <summary>A request. The URI is the one of the request line.</summary>
public sealed class SipRequest : SipMessage
{
    public SipRequest(SipMethod method, SipUri uri, SipHeaders? headers = null) : base(headers ?? new SipHeaders())
    {
        Method = method;
        Uri = uri;
    }

    public SipMethod Method { get; }

    public SipUri Uri { get; set; }

    /// <summary>
    /// Where it goes, when that is neither its first Route nor follows from it: a strict router stands in the request line, and
    /// the Route headers are those behind it (RFC 3261 section 12.2.1.1). Not part of the message.
    /// </summary>
    internal SipUri? NextHop { get; init; }

    /// <summary>Max-Forwards; 70 when the sender left it out, -1 when it is not a number from 0 to 255.</summary>
    public int MaxForwards
    {
        get
        {
            if (Headers.Get(HeaderName.MaxForwards) is not { } text) return 70;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hops) && hops <= 255 ? hops : -1;
        }
        set => Headers.Set(HeaderName.MaxForwards, value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// The body as it is for a peer that is reached by this address family, asked for when the next hop is known; null when all peers get
    /// the same. Not part of the message.
    /// </summary>
    public Func<AddressFamily, ReadOnlyMemory<byte>>? BodyTowards { get; set; }

    /// <summary>A copy with its own header list; body and header bytes are shared, as nobody changes them in place.</summary>
    public SipRequest Clone()
    {
        var copy = new SipRequest(Method, Uri, Headers.Clone()) { NextHop = NextHop, BodyTowards = BodyTowards };
        copy.AttachBody(Body);
        return copy;
    }
}

/// <summary>A response.</summary>
public sealed class SipResponse : SipMessage
{
    public SipResponse(int status, string? reason = null, SipHeaders? headers = null) : base(headers ?? new SipHeaders())
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        Status = status;
        Reason = reason is null ? SipStatus.Reason(status) : WireText.Require(reason);
    }

    /// <summary>100 to 699.</summary>
    public int Status { get; }

    public string Reason { get; }

    public bool IsProvisional => Status < 200;

    public bool IsSuccess => Status is >= 200 and < 300;
}
