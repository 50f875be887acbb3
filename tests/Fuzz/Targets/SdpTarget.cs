using System.Net;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Fuzz.Targets;

/// <summary>
/// A description that is read is written as one that reads the same; answering it gives an answer that can be read, whose lines
/// match, with one meaning for each number; accepting it as an answer and offering again keeps the numbers.
/// </summary>
public sealed class SdpTarget : IFuzzTarget
{
    private static readonly LocalAudio Local = new(IPAddress.Parse("198.51.100.7"), 20000, 42);

    public string Name => "sdp";

    public IEnumerable<string> Seeds => [Full, "v=0\r\no=- 1 1 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\nm=audio 4000 RTP/AVP 8\r\n"];

    public IEnumerable<string> Words =>
    [
        "\r\n", "\n", "v=0", "o=- 1 1 IN IP4 h", "c=IN IP4 0.0.0.0", "c=IN IP4 224.2.1.1/127/3", "m=audio 4000/2 RTP/AVP 0 8", "m=audio 0 RTP/AVP 0", "m=image 9 udptl t38",
        "a=rtpmap:", "a=rtpmap:101 telephone-event/8000", "a=rtpmap:8 opus/48000/2", "a=rtpmap:97 L16/44100/255", "a=fmtp:101 0-15", "a=sendonly", "a=inactive", "a=ptime:20",
        "a=ptime:0", "a=rtcp:5 IN IP4 h", "a=rtcp-mux", "RTP/AVPF", "RTP/SAVP", "=", ":", "/", " ", "\0", "\u00e4",
    ];

    private const string Full =
        "v=0\r\no=alice 2890844526 2890844527 IN IP4 192.0.2.1\r\ns=a call\r\ni=info\r\nc=IN IP4 192.0.2.1\r\nb=AS:64\r\nt=0 0\r\na=sendrecv\r\n"
        + "m=audio 49170 RTP/AVP 111 9 8 0 101 13\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
        + "a=ptime:20\r\na=rtcp:49171\r\na=rtcp-mux\r\nm=video 51372 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=recvonly\r\n";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (SessionDescription.TryParse(input, out var read) != SdpVerdict.Ok) return;
        var text = read!.ToBytes();
        if (text.Length <= SdpLimits.Default.Bytes)
        {
            Promise.That(SessionDescription.TryParse(text, out var again) == SdpVerdict.Ok, "what was written can be read");
            Promise.That(again!.ToBytes().AsSpan().SequenceEqual(text), "written again it is the same");
        }
        Answer(read);
        Accept(read);
    }

    private static void Answer(SessionDescription offer)
    {
        var (verdict, answer, agreement) = OfferAnswer.Answer(offer, Local, AudioCodec.All);
        Promise.That(verdict == OfferVerdict.Ok == (answer is not null && agreement is not null), "an answer comes with what it settles");
        if (answer is null) return;
        Promise.That(answer.Media.Count == offer.Media.Count, "an answer has the lines of its offer");
        var text = answer.ToBytes();
        if (text.Length <= SdpLimits.Default.Bytes) Promise.That(SessionDescription.TryParse(text, out _) == SdpVerdict.Ok, "an answer can be read");
        OfferAgain(agreement!);
    }

    private static void Accept(SessionDescription answer)
    {
        var numbers = new PayloadNumbers();
        var offer = OfferAnswer.Offer(Local, AudioCodec.All, numbers: numbers);
        if (OfferAnswer.Accept(offer, answer).Agreement is not { } agreement) return;
        numbers.Learn(agreement);
        var again = OfferAnswer.Offer(Local, AudioCodec.All, numbers: numbers);
        Promise.That(offer.Media[0].Formats.SequenceEqual(again.Media[0].Formats), "our numbers stay");
    }

    private static void OfferAgain(AudioAgreement agreement)
    {
        var numbers = new PayloadNumbers();
        numbers.Learn(agreement);
        var formats = OfferAnswer.Offer(Local, AudioCodec.All, numbers: numbers).Media[0].Formats;
        Promise.That(formats.Distinct().Count() == formats.Count, "each number has one meaning");
    }
}
