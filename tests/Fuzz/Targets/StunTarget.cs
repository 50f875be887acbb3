using System.Net;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Fuzz.Targets;

/// <summary>A datagram on the SIP port is answered as a STUN keep-alive, or not, and never at length.</summary>
public sealed class StunTarget : IFuzzTarget
{
    private static readonly IPEndPoint V4 = new(IPAddress.Parse("192.0.2.1"), 5060);
    private static readonly IPEndPoint V6 = new(IPAddress.Parse("2001:db8::1"), 5060);

    public string Name => "stun";

    public IEnumerable<string> Seeds => ["\0\u0001\0\0\u0021\u0012\u00a4\u0042abcdefghijkl"];

    public IEnumerable<string> Words => ["\u0080\u0022\0\u0004", "\u0080\u0028\0\u0004", "\0\u0006\0\u0004", "\u0001\u0001"];

    public void Run(ReadOnlySpan<byte> input)
    {
        Span<byte> answer = stackalloc byte[StunKeepAlive.MaxAnswer];
        foreach (var from in new[] { V4, V6 })
        {
            var length = StunKeepAlive.Answer(input, from, answer);
            Promise.That(length == 0 || StunKeepAlive.IsStun(input), "only STUN is answered");
            Promise.That(length == 0 || (length <= input.Length + 24 && answer[4..20].SequenceEqual(input[4..20])), "the answer is short and to the question");
        }
    }
}
