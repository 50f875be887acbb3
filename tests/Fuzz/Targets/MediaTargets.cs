using ClickToDial.Media.Rtp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Fuzz.Targets;

/// <summary>
/// A header that is read lies within its packet, and so do the key presses in it; adopting the packet into a stream of ours
/// keeps all but what it rewrites.
/// </summary>
public sealed class RtpTarget : IFuzzTarget
{
    public string Name => "rtp";

    public IEnumerable<string> Seeds => ["\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c"];

    public IEnumerable<string> Words => ["\u0010\u0000", "\0\0\0\0", "\u0001"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var packet = input.ToArray();
        _ = RtpHeader.IsRtcp(packet);
        if (!RtpHeader.TryRead(packet, out var header)) return;
        Promise.That(header.HeaderLength >= RtpHeader.FixedLength && header.PayloadLength >= 0, "lengths make sense");
        Promise.That(header.HeaderLength + header.PayloadLength <= packet.Length, "the payload lies inside");
        var payload = packet.AsSpan(header.HeaderLength, header.PayloadLength);
        _ = TelephoneEvent.TryRead(payload, out _);
        default(TelephoneEventReceiver).Accept(header, payload, out _);
        default(ReceiveStatistics).Update(header.Ssrc, header.Sequence, header.Timestamp, 1, 8000, true);

        var stream = new OutgoingRtp(0xCAFE, 100, 5000);
        stream.Adopt(packet, header, 96, 1, 8000, 1);
        Promise.That(RtpHeader.TryRead(packet, out var ours), "a packet of ours can be read");
        Promise.That(ours is { PayloadType: 96, Ssrc: 0xCAFE }, "it has our type and source");
        Promise.That(ours.HeaderLength == header.HeaderLength && ours.PayloadLength == header.PayloadLength, "its lengths stay");
        Promise.That(packet.AsSpan(RtpHeader.FixedLength).SequenceEqual(input[RtpHeader.FixedLength..]), "its content stays");
    }
}

/// <summary>Packets of a compound lie within it one after the other, and translation changes neither lengths nor types.</summary>
public sealed class RtcpTarget : IFuzzTarget
{
    public string Name => "rtcp";

    public IEnumerable<string> Seeds => ["\u0000\u0001\u0002\u0003"];

    public IEnumerable<string> Words => ["\u0000\u0006", "\u0000\u0001", "\0\0\0\0", "\u0012\u0034"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var datagram = input.ToArray();
        var shape = Shape(datagram);
        var valid = RtcpReader.IsValid(datagram);
        var toward = new OutgoingRtp(0xCAFE, 100, 5000);
        var back = new OutgoingRtp(0xBEEF, 200, 6000);
        RtcpTranslation.Apply(datagram, toward, back);
        Promise.That(datagram.Length == input.Length && RtcpReader.IsValid(datagram) == valid, "translation keeps what is valid");
        Promise.That(Shape(datagram) == shape, "translation keeps types and lengths");
    }

    private static string Shape(Span<byte> datagram)
    {
        var text = "";
        var total = 0;
        var reader = new RtcpReader(datagram);
        while (reader.MoveNext())
        {
            total += reader.Packet.Length;
            text += $"{reader.Type}/{reader.Count}/{reader.Packet.Length} ";
            Promise.That(reader.ReportBlocks.Length % ReportBlock.Length == 0 && reader.ReportBlocks.Length <= reader.Packet.Length, "blocks lie inside");
            for (var blocks = reader.ReportBlocks; blocks.Length > 0; blocks = blocks[ReportBlock.Length..]) _ = ReportBlock.Read(blocks);
        }
        Promise.That(total <= datagram.Length, "packets lie inside");
        return text;
    }
}

/// <summary>An a=crypto value that is accepted is written as one that reads the same, and shows no key as text.</summary>
public sealed class SdesTarget : IFuzzTarget
{
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    public string Name => "sdes";

    public IEnumerable<string> Seeds =>
    [
        $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|1:4", $"2 AES_CM_128_HMAC_SHA1_32 inline:{Key} WSH=64 -FUTURE", $"1 AEAD_AES_128_GCM inline:{Key[..38]}",
        $"999999999 AES_CM_128_HMAC_SHA1_80 inline:{Key}|281474976710656|18446744073709551:8",
    ];

    public IEnumerable<string> Words =>
    [
        "inline:", "|", "|2^48", "|2^49", "|1:1", "|255:1", "|256:1", "1:128", ";", ";inline:", " ", "UNENCRYPTED_SRTP", "KDR=1", "WSH=", "-", "AES_CM_128_HMAC_SHA1_80",
        "AES_CM_128_HMAC_SHA1_32", "AES_256_CM_HMAC_SHA1_80", "AEAD_AES_256_GCM", "=", "==", "+/", "\0", "\u00e4",
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = System.Text.Encoding.UTF8.GetString(input);
        var verdict = SdesCrypto.TryRead(text, out var crypto);
        Promise.That(verdict == SdesVerdict.Accepted == crypto is not null, "what is accepted is there");
        if (crypto is null) return;
        using (crypto)
        {
            var room = new char[SdesCrypto.MaxLength];
            Promise.That(crypto.TryWrite(room, out var written), "what was read can be written");
            Promise.That(SdesCrypto.TryRead(room.AsSpan(0, written), out var again) == SdesVerdict.Accepted, "what was written can be read");
            using (again)
            {
                Promise.That(again!.Tag == crypto.Tag && again.Profile == crypto.Profile, "it is the same line");
                Promise.That(again.Lifetime == crypto.Lifetime && again.KeyId == crypto.KeyId, "it has the same limits");
                Promise.That(again.Key.KeyAndSalt.SequenceEqual(crypto.Key.KeyAndSalt), "it is the same key");
            }
            Promise.That(crypto.ToString().EndsWith("inline:***", StringComparison.Ordinal), "it shows no key");
        }
    }
}
