using System.Globalization;

namespace ClickToDial.Media.Sdp;

/// <summary>a=rtpmap (RFC 8866 section 6.6).</summary>
public readonly record struct RtpMap(byte PayloadType, string EncodingName, int ClockRate, int Channels);

/// <summary>An m= section (RFC 8866 section 5.14) with its own c= and attributes.</summary>
/// <param name="Kind">audio, video, image ...</param>
/// <param name="Port">0 means rejected or disabled (RFC 3264 section 6).</param>
/// <param name="Protocol">RTP/AVP, RTP/SAVP, udptl ...</param>
public sealed record MediaDescription(
    string Kind,
    int Port,
    string Protocol,
    IReadOnlyList<string> Formats,
    SdpConnection? Connection,
    IReadOnlyList<SdpAttributeLine> Attributes)
{
    public MediaDirection? Direction => MediaDirections.From(Attributes);

    /// <summary>RFC 5761: RTCP comes to the RTP port.</summary>
    public bool RtcpMux => Has("rtcp-mux");

    /// <summary>RFC 3605: where RTCP goes when it is not the next port.</summary>
    public int? RtcpPort => FirstNumber(Value("rtcp"));

    /// <summary>Milliseconds of sound in each packet the writer wants to receive, or null (RFC 8866 section 6.4).</summary>
    public int? PacketTime => FirstNumber(Value("ptime"));

    /// <summary>RTP/SAVP or RTP/SAVPF: not to be sent plain (RFC 4568 section 7).</summary>
    public bool IsSecure => Protocol is "RTP/SAVP" or "RTP/SAVPF";

    /// <summary>Values of the a=crypto attributes, in order.</summary>
    public IEnumerable<string> CryptoLines => Attributes.Where(attribute => attribute is { Name: "crypto", Value: not null }).Select(attribute => attribute.Value!);

    public bool Has(string attribute) => Find(attribute) is not null;

    /// <summary>The value of the first attribute of that name, null when absent or a flag.</summary>
    public string? Value(string attribute) => Find(attribute)?.Value;

    /// <summary>Format parameters of a payload type, or null (RFC 8866 section 6.15).</summary>
    public string? FormatParameters(byte payloadType)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute is { Name: "fmtp", Value: { } value } && SplitPayload(value, out var number, out var rest) && number == payloadType)
                return rest.ToString();
        }
        return null;
    }

    /// <summary>The mapping of a payload type, from a=rtpmap or, without one, from the static table of RFC 3551 section 6.</summary>
    public RtpMap? Map(byte payloadType)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute is { Name: "rtpmap", Value: { } value } && TryReadMap(value) is { } map && map.PayloadType == payloadType)
                return map;
        }
        return AudioCodec.FromStatic(payloadType) is { } codec ? new RtpMap(payloadType, codec.Name, codec.ClockRate, codec.Channels) : null;
    }

    /// <summary>The payload types named in the m= line, in its order of preference; what is no number 0-127 is left out.</summary>
    public IEnumerable<byte> PayloadTypes()
    {
        foreach (var format in Formats)
        {
            if (byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 128) yield return number;
        }
    }

    private SdpAttributeLine? Find(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name) return attribute;
        }
        return null;
    }

    // a=rtpmap:<payload type> <encoding name>/<clock rate>[/<channels>]
    private static RtpMap? TryReadMap(ReadOnlySpan<char> value)
    {
        if (!SplitPayload(value, out var payloadType, out var encoding)) return null;
        var slash = encoding.IndexOf('/');
        if (slash <= 0) return null;
        var numbers = encoding[(slash + 1)..].TrimEnd(' ');
        var channels = 1;
        var second = numbers.IndexOf('/');
        if (second >= 0)
        {
            if (!TryNumber(numbers[(second + 1)..], out channels) || channels is < 1 or > 16) return null;
            numbers = numbers[..second];
        }
        if (!TryNumber(numbers, out var clock) || clock is < 1 or > 1_000_000) return null;
        return new RtpMap(payloadType, encoding[..slash].ToString(), clock, channels);
    }

    private static bool SplitPayload(ReadOnlySpan<char> value, out byte payloadType, out ReadOnlySpan<char> rest)
    {
        rest = default;
        var space = value.IndexOf(' ');
        if (!TryNumber(space < 0 ? value : value[..space], out var number) || number > 127)
        {
            payloadType = 0;
            return false;
        }
        payloadType = (byte)number;
        if (space >= 0) rest = value[space..].Trim(' ');
        return rest.Length > 0;
    }

    private static int? FirstNumber(string? value)
    {
        if (value is null) return null;
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        return TryNumber(space < 0 ? value : value.AsSpan(0, space), out var number) && number is > 0 and <= 65535 ? number : null;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
