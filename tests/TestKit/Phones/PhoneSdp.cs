using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClickToDial.TestKit.Phones;

/// <summary>The little SDP a phone needs (RFC 8866, RFC 3264), written apart from the product so that one checks the other.</summary>
/// <param name="Codec">The first codec of the description that the phone speaks.</param>
/// <param name="EventType">Payload type of telephone-event (RFC 4733), or null without it.</param>
/// <param name="Direction">sendrecv, sendonly, recvonly or inactive, as its writer sees it.</param>
internal sealed record PhoneSdp(IPEndPoint Media, PhoneCodec? Codec, byte? EventType, string Direction)
{
    /// <summary>Payload type of Opus, null without it.</summary>
    public byte? OpusType { get; private init; }

    public const string ContentType = "application/sdp";

    /// <summary>What answers this offer (RFC 3264 section 6.1).</summary>
    public string AnswerDirection => Direction switch { "sendonly" => "recvonly", "recvonly" => "sendonly", _ => Direction };

    /// <exception cref="InvalidDataException">Not a description with an audio stream.</exception>
    public static PhoneSdp Read(ReadOnlySpan<byte> body, PhoneCodec preferred)
    {
        var lines = Encoding.UTF8.GetString(body).Split("\r\n");
        var media = lines.FirstOrDefault(l => l.StartsWith("m=audio ", StringComparison.Ordinal))?.Split(' ')
            ?? throw new InvalidDataException("No audio in the session description.");
        var address = lines.Last(l => l.StartsWith("c=IN IP", StringComparison.Ordinal))["c=IN IP4 ".Length..];
        var types = media[3..].Select(t => int.Parse(t, CultureInfo.InvariantCulture)).ToList();
        PhoneCodec? codec = types.Contains((int)preferred) || preferred is PhoneCodec.G722 or PhoneCodec.Opus ? preferred
            : types.Select(t => (PhoneCodec?)t).FirstOrDefault(t => t is PhoneCodec.Pcmu or PhoneCodec.Pcma);
        var eventLine = lines.FirstOrDefault(l =>
            l.StartsWith("a=rtpmap:", StringComparison.Ordinal) && l.EndsWith(" telephone-event/8000", StringComparison.OrdinalIgnoreCase));
        byte? events = eventLine is null ? null : byte.Parse(eventLine["a=rtpmap:".Length..].Split(' ')[0], CultureInfo.InvariantCulture);
        var opusLine = lines.FirstOrDefault(l => l.StartsWith("a=rtpmap:", StringComparison.Ordinal) && l.EndsWith(" opus/48000/2", StringComparison.OrdinalIgnoreCase));
        byte? opus = opusLine is null ? null : byte.Parse(opusLine["a=rtpmap:".Length..].Split(' ')[0], CultureInfo.InvariantCulture);
        var direction = lines.Select(l => l[Math.Min(l.Length, 2)..]).LastOrDefault(IsDirection) ?? "sendrecv";
        return new PhoneSdp(
            new IPEndPoint(IPAddress.Parse(address), int.Parse(media[1], CultureInfo.InvariantCulture)), codec, events, direction)
        { OpusType = opus };
    }

    /// <param name="version">Rises with each description of a call (RFC 3264 section 8).</param>
    public static byte[] Write(IPEndPoint media, PhoneCodec codec, byte eventType, string direction, int version, byte? opusType = null) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"""
             v=0
             o=phone 1 {version} IN {TypeOf(media)} {media.Address}
             s=-
             c=IN {TypeOf(media)} {media.Address}
             t=0 0
             m=audio {media.Port} RTP/AVP {TypeOf(codec, opusType)} {eventType}
             a=rtpmap:{TypeOf(codec, opusType)} {(codec == PhoneCodec.Opus ? "opus/48000/2" : $"{codec.ToString().ToUpperInvariant()}/8000")}
             a=rtpmap:{eventType} telephone-event/8000
             a=fmtp:{eventType} 0-15
             a=ptime:20
             a={direction}

             """).ReplaceLineEndings("\r\n"));

    private static int TypeOf(PhoneCodec codec, byte? opusType) => codec == PhoneCodec.Opus ? opusType ?? (int)codec : (int)codec;

    private static string TypeOf(IPEndPoint media) => media.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4";

    private static bool IsDirection(string value) => value is "sendrecv" or "sendonly" or "recvonly" or "inactive";
}
