using ClickToDial.Media.Codecs;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Plane;

/// <summary>An agreement as the packet path wants it: tables by payload type. Immutable; built where the leg is negotiated.</summary>
internal sealed class LegCodecs
{
    public const byte None = 0xFF;
    private readonly byte[] _places = new byte[128]; // By payload type: where its format is, from 1 on.
    private readonly ReceivedFormat[] _formats;

    public LegCodecs(IReadOnlyList<NegotiatedCodec> codecs)
    {
        All = [.. codecs];
        _formats = new ReceivedFormat[All.Length + 1]; // Of what was not agreed, and then theirs.
        for (var i = 0; i < All.Length; i++)
        {
            var codec = All[i];
            _places[codec.ReceivePayloadType & 0x7F] = (byte)(i + 1);
            _formats[i + 1] = new ReceivedFormat(codec.Codec.ClockRate, codec.Codec.Kind == CodecKind.TelephoneEvent, SpeechCodecs.FromName(codec.Codec.Name));
            if (codec.Codec.IsG711) Prompt ??= codec;
            if (codec.Codec.CanTranscode) Made ??= codec;
            // Key presses share the clock of the sound they stand for (RFC 4733 section 2.1).
            if (codec.Codec.Kind == CodecKind.TelephoneEvent && (Events is null || codec.Codec.ClockRate == Primary.Codec.ClockRate)) Events = codec;
        }
    }

    public NegotiatedCodec[] All { get; }

    public NegotiatedCodec Primary => All.First(codec => codec.Codec.Kind == CodecKind.Speech);

    /// <summary>What prompts are sent in, null when neither law of G.711 was agreed.</summary>
    public NegotiatedCodec? Prompt { get; }

    /// <summary>What speech becomes that the peer does not take as it is, prompts included; null when it takes nothing that we can make.</summary>
    public NegotiatedCodec? Made { get; }

    public NegotiatedCodec? Events { get; }

    /// <summary>What a received payload type stands for; false when it was not agreed.</summary>
    public bool TryGetReceived(byte payloadType, out ReceivedFormat format)
    {
        format = _formats[_places[payloadType]];
        return format.ClockRate != 0;
    }
}

/// <summary>What the packet path needs to know of a received payload type.</summary>
internal readonly record struct ReceivedFormat(int ClockRate, bool IsEvent, SpeechCodec? Speech);

/// <summary>What becomes of the payload on its way to the other leg.</summary>
internal enum Conversion : byte
{
    None,
    MuLawToALaw,
    ALawToMuLaw,

    /// <summary>A key press in the clock of the other leg.</summary>
    KeysTo8000,
    KeysTo48000,

    /// <summary>Speech that only the transcoding thread can turn into what the other leg takes.</summary>
    Transcode,
}

/// <summary>Payload types of packets from one leg as they are sent to another (or back to the same one, for echo).</summary>
internal sealed class PayloadMap
{
    private readonly byte[] _sendType = new byte[128];
    private readonly Conversion[] _conversion = new Conversion[128];
    private readonly NegotiatedCodec? _transcoded;

    public PayloadMap(LegCodecs from, LegCodecs to)
    {
        Array.Fill(_sendType, LegCodecs.None);
        _transcoded = to.Made;
        TranscodedTo = SpeechCodecs.FromName(_transcoded?.Codec.Name);
        for (var i = from.All.Length - 1; i >= 0; i--) Map(from.All[i], to);
    }

    /// <summary>What speech becomes that the other leg does not take; null when that takes nothing we can make.</summary>
    public SpeechCodec? TranscodedTo { get; }

    /// <summary>False when the other leg has not agreed to that format.</summary>
    public bool TryGet(byte payloadType, out byte sendType, out Conversion conversion)
    {
        sendType = _sendType[payloadType];
        conversion = _conversion[payloadType];
        return sendType != LegCodecs.None;
    }

    private void Map(NegotiatedCodec from, LegCodecs to)
    {
        var type = from.ReceivePayloadType & 0x7F;
        if (Array.Find(to.All, codec => codec.Codec.Same(from.Codec)) is { } same) _sendType[type] = same.SendPayloadType;
        else if (from.Codec.IsG711 && to.Prompt is { } other)
        {
            _sendType[type] = other.SendPayloadType;
            _conversion[type] = other.Codec.Same(AudioCodec.Pcma) ? Conversion.MuLawToALaw : Conversion.ALawToMuLaw;
        }
        else if (from.Codec.Kind == CodecKind.TelephoneEvent && to.Events is { Codec.ClockRate: 8000 or 48000 } keys)
        {
            _sendType[type] = keys.SendPayloadType;
            _conversion[type] = keys.Codec.ClockRate == 8000 ? Conversion.KeysTo8000 : Conversion.KeysTo48000;
        }
        else if (from.Codec.CanTranscode && _transcoded is not null)
        {
            _sendType[type] = _transcoded.SendPayloadType;
            _conversion[type] = Conversion.Transcode;
        }
    }
}
