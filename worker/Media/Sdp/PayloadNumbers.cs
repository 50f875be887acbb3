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

    // A handful of them: every leg keeps one of these for as long as it lasts.
    private readonly List<(byte Number, AudioCodec Codec)> _ours = new(4);
    private UInt128 _taken; // One bit for each number.

    /// <summary>Takes over what offer and answer settled: our numbers, and the peer's as not free for anything else.</summary>
    public void Learn(AudioAgreement agreement)
    {
        foreach (var codec in agreement.Codecs)
        {
            // A peer that renumbers, though it must not, is followed.
            if (Known(codec.Codec) is { } old) Forget(old);
            Mean((byte)(codec.ReceivePayloadType & LastDynamic), codec.Codec);
            Take(codec.SendPayloadType & LastDynamic);
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
            Mean(number, codec);
            numbered.Add((number, codec));
        }
        return numbered;
    }

    private byte? Known(AudioCodec codec)
    {
        foreach (var (number, ours) in _ours)
            if (ours.Same(codec)) return number;
        return null;
    }

    // A peer may have given even a static number another meaning.
    private byte? Static(AudioCodec codec) => codec.StaticPayloadType is { } number && !IsOurs(number) ? number : null;

    private byte Fresh(AudioCodec codec)
    {
        if (codec.Kind == CodecKind.TelephoneEvent && codec.ClockRate == 8000 && !IsTaken(UsualTelephoneEvent)) return UsualTelephoneEvent;
        for (var number = FirstDynamic; number <= LastDynamic; number++)
            if (number != UsualTelephoneEvent && !IsTaken(number)) return number;
        // A peer that renumbers in every answer has used all of them up: then those count as free that mean nothing any more.
        var last = LastDynamic;
        while (IsOurs(last)) last--;
        return last;
    }

    private void Mean(byte number, AudioCodec codec)
    {
        Forget(number);
        _ours.Add((number, codec));
        Take(number);
    }

    private void Forget(byte number) => _ours.RemoveAll(one => one.Number == number);

    private bool IsOurs(byte number) => _ours.Exists(one => one.Number == number);

    private bool IsTaken(byte number) => ((_taken >> number) & 1) != 0;

    private void Take(int number) => _taken |= UInt128.One << number;
}
