using ClickToDial.Media.Audio;
using ClickToDial.Media.Codecs;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Transcoding;

namespace ClickToDial.Media.Plane;

/// <summary>
/// Streams between ends that share no codec, and prompts for an end without G.711. Their packets are handed to the transcoding thread, and what it makes of them is sent
/// when it has woken the shard. Key presses go straight across, on the timeline of the transcoded stream.
/// </summary>
internal sealed unsafe partial class Relay
{
    // Making a transcoder is dear: who changes codec with every packet is not followed.
    private const long LeastBetweenTranscoders = Second;
    private readonly List<(TranscodedStream Stream, LegState From, bool IsPrompt)> _transcoded = [];
    private int _woken;

    /// <summary>Takes streams that are to be transcoded; null where none are, and ends that share no codec do not hear each other.</summary>
    public Action<TranscodedStream>? Transcode { get; init; }

    private static void EndTranscoding(LegState leg)
    {
        leg.Transcoded?.Retire();
        leg.Transcoded = null;
    }

    private void HandOver(LegState leg, in RtpHeader header, SpeechCodec speech, byte sendType, ReadOnlySpan<byte> payload)
    {
        if (Transcode is null || leg.Map?.TranscodedTo is not { } to) return;
        if (leg.Transcoded is not { } stream || stream.From != speech || stream.To != to)
        {
            if (_now - leg.TranscodedSince < LeastBetweenTranscoders && leg.TranscodedSince != 0) return;
            stream = StartTranscoding(leg, speech, to);
        }
        stream.SendType = sendType;
        stream.Take(TranscodedKind.Speech, header, payload, _now);
    }

    private TranscodedStream StartTranscoding(LegState leg, SpeechCodec from, SpeechCodec to)
    {
        EndTranscoding(leg);
        leg.TranscodedSince = _now;
        return leg.Transcoded = Begin(leg, from, to, isPrompt: false);
    }

    private TranscodedStream Begin(LegState leg, SpeechCodec from, SpeechCodec to, bool isPrompt)
    {
        var stream = new TranscodedStream(from, to, source: leg.Id + 1, _now, WakeFromOutside); // legs have odd numbers
        _transcoded.Add((stream, leg, isPrompt));
        Transcode!(stream);
        return stream;
    }

    private bool CanHear(LegState leg) => leg.Codecs is { } codecs && (codecs.Prompt is not null || (Transcode is not null && codecs.Made is not null));

    private static void EndEncoding(LegState leg)
    {
        leg.Encoded?.Retire();
        leg.Encoded = null;
    }

    // A prompt is kept in G.711; for who does not take that it is a stream like any other, which only this end hears.
    private void HandOverPrompt(LegState leg, Prompt prompt)
    {
        if (!leg.MaySend || !leg.HasRemote || Transcode is null || leg.Codecs?.Made is not { } made || SpeechCodecs.FromName(made.Codec.Name) is not { } to) return;
        if (leg.Encoded is not { } stream || stream.To != to)
        {
            EndEncoding(leg);
            leg.Encoded = stream = Begin(leg, SpeechCodec.Pcmu, to, isPrompt: true);
        }
        stream.SendType = made.SendPayloadType;
        Span<byte> payload = stackalloc byte[PromptOctets];
        prompt.Fill(payload, leg.PlayPosition, aLaw: false, leg.PlayLoop);
        var sequence = leg.EncodedSequence++;
        stream.Take(TranscodedKind.Speech, new RtpHeader(0, false, sequence, (uint)sequence * PromptOctets, stream.Ssrc, 0, PromptOctets), payload, _now);
    }

    // What comes beside transcoded speech: noise is for the transcoder, keys go across at once.
    private void ForwardBeside(LegState target, TranscodedStream stream, in RtpHeader header, in ReceivedFormat format, ReadOnlySpan<byte> payload)
    {
        stream.Take(format.IsEvent ? TranscodedKind.Beside : TranscodedKind.ComfortNoise, header, format.IsEvent ? default : payload, _now);
        if (!format.IsEvent || target.Codecs?.Events is not { } events || !TelephoneEvent.TryRead(payload, out var press)) return;
        if (!stream.TryPlaceKey(header, ref press, format.ClockRate, events.Codec.ClockRate, _now, out var own)) return;
        var buffer = engine.Rent();
        const int length = RtpHeader.FixedLength + TelephoneEvent.Length;
        var packet = new Span<byte>(buffer, length);
        packet[0] = 0x80;
        press.Write(packet[RtpHeader.FixedLength..]);
        SendAdopted(target, stream, buffer, length, own, events.SendPayloadType);
    }

    // Allocates nothing, and reads only what the transcoding thread has finished.
    private void SendTranscoded()
    {
        Volatile.Write(ref _woken, 0);
        for (var i = _transcoded.Count - 1; i >= 0; i--)
        {
            var (stream, leg, isPrompt) = _transcoded[i];
            var listener = isPrompt ? (leg.Playing is null ? null : leg) : leg.Target;
            if (!stream.IsRetired && listener is not null && IsHere(listener)) SendFrames(listener, stream, isPrompt);
            else
            {
                stream.Retire();
                if (leg.Transcoded == stream) leg.Transcoded = null;
                if (leg.Encoded == stream) leg.Encoded = null;
                _transcoded.RemoveAt(i);
            }
        }
    }

    private void SendFrames(LegState target, TranscodedStream stream, bool isPrompt)
    {
        while (true)
        {
            var buffer = engine.Rent();
            if (!stream.TryTake(new Span<byte>(buffer, PacketBuffers.Size), _now, out var header)) return;
            if (target.MaySend && target.HasRemote && (isPrompt ? target.Digits is null : !target.PlaysItself))
                SendAdopted(target, stream, buffer, RtpHeader.FixedLength + header.PayloadLength, header, stream.SendType);
        }
    }

    private void SendAdopted(LegState target, TranscodedStream stream, byte* buffer, int length, in RtpHeader header, byte type)
    {
        target.Out.Adopt(new Span<byte>(buffer, length), header, type, stream.Source, stream.To.ClockRate, _now);
        SendRtp(target, buffer, length, PacketBuffers.Size);
    }

    // By the transcoding thread. Once is enough until the shard has come by.
    private void WakeFromOutside()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0) engine.Wake();
    }
}
