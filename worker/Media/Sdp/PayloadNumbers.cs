namespace ClickToDial.Media.Sdp;

/// <summary>
/// Which payload number stands for which format on one stream. Once told to a peer a dynamic number keeps its meaning for the
/// whole session (RFC 3264 section 8.3.2), so a leg keeps one of these through all its offers and answers.
/// </summary>
public sealed class PayloadNumbers
{
    private const byte FirstDynamic = 96;
    private const byte LastDynamic = 127;
    private const byte UsualTelephoneEvent = 101;

    private readonly AudioCodec?[] _ours = new AudioCodec?[LastDynamic + 1];
    private readonly bool[] _taken = new bool[LastDynamic + 1];

    /// <summary>Takes over what offer and answer settled: our numbers, and the peer's as not free for anything else.</summary>
    public void Learn(AudioAgreement agreement)
    {
        foreach (var codec in agreement.Codecs)
        {
            // A peer that renumbers, though it must not, is followed.
            if (Known(codec.Codec) is { } old) _ours[old] = null;
            _ours[codec.ReceivePayloadType & LastDynamic] = codec.Codec;
            _taken[codec.ReceivePayloadType & LastDynamic] = true;
            _taken[codec.SendPayloadType & LastDynamic] = true;
        }
    }

    /// <summary>
    /// A number for each: the one it had, the static one, or a free one from 96 up, telephone-event preferring 101. The result
    /// is remembered.
    /// </summary>
    internal List<(byte Number, AudioCodec Codec)> Assign(IReadOnlyList<AudioCodec> codecs)
    {
        var numbered = new List<(byte Number, AudioCodec Codec)>(codecs.Count);
        foreach (var codec in codecs)
        {
            var number = Known(codec) ?? Static(codec) ?? Fresh(codec);
            _ours[number] = codec;
            _taken[number] = true;
            numbered.Add((number, codec));
        }
        return numbered;
    }

    private byte? Known(AudioCodec codec)
    {
        var index = Array.FindIndex(_ours, other => other is not null && other.Same(codec));
        return index < 0 ? null : (byte)index;
    }

    // A peer may have given even a static number another meaning.
    private byte? Static(AudioCodec codec) => codec.StaticPayloadType is { } number && _ours[number] is null ? number : null;

    private byte Fresh(AudioCodec codec)
    {
        if (codec.Kind == CodecKind.TelephoneEvent && codec.ClockRate == 8000 && !_taken[UsualTelephoneEvent]) return UsualTelephoneEvent;
        for (var number = FirstDynamic; number <= LastDynamic; number++)
            if (number != UsualTelephoneEvent && !_taken[number]) return number;
        // A peer that renumbers in every answer has used all of them up: then those count as free that mean nothing any more.
        var last = LastDynamic;
        while (_ours[last] is not null) last--;
        return last;
    }
}
