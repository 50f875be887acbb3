using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Fuzz.Targets;

/// <summary>Frames a stream in one piece and in many, and compares. The first octet of the input says how it is cut.</summary>
public sealed class SipStreamTarget : IFuzzTarget
{
    public string Name => "sip-stream";

    public IEnumerable<string> Seeds =>
        ["\u0001" + SipWords.Request + SipWords.Response, "\u0007\r\n\r\n" + SipWords.Response + "\r\n\r\n" + SipWords.Request];

    public IEnumerable<string> Words => SipWords.All;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var step = 1 + input[0] % 23;
        var whole = Read(input[1..], int.MaxValue);
        Promise.That(whole == Read(input[1..], step), $"cut every {step} octets the stream is the same");
    }

    private static string Read(ReadOnlySpan<byte> stream, int step)
    {
        using var framer = new StreamFramer(SipLimits.Default);
        var log = new StringBuilder();
        while (!stream.IsEmpty)
        {
            var part = stream[..Math.Min(step, stream.Length)];
            stream = stream[part.Length..];
            while (!part.IsEmpty)
            {
                var verdict = framer.Push(part, out var consumed);
                if (verdict != FrameVerdict.NeedMore) log.Append(verdict);
                if (framer.Message is { } message) Note(log, message);
                if (verdict == FrameVerdict.Broken) return log.ToString();
                Promise.That(consumed > 0, "the framer always moves on");
                part = part[consumed..];
            }
        }
        return log.Append(framer.IsIdle).ToString();
    }

    private static void Note(StringBuilder log, SipMessage message)
    {
        SipDatagramTarget.Touch(message);
        log.Append(message.Defect).Append(message.Headers.Count).Append(Convert.ToHexString(message.Body.Span)).Append('\n');
    }
}
