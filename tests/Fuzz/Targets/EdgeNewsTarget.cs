using System.Text;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Edge;

namespace ClickToDial.Fuzz.Targets;

/// <summary>A frame of text between two workers is read or refused, and an order in it that passes its guard has nothing in it but names and numbers.</summary>
public sealed class EdgeNewsTarget : IFuzzTarget
{
    public string Name => "edge-news";

    public IEnumerable<string> Seeds =>
    [
        """{"order":{"number":1,"call":"c1","order":{"$type":"transfer","to":"102","leg":"user","drop":false,"ringTimeout":"00:00:30","callerId":"+4930123456","maxDuration":"01:00:00"}}}""",
        """{"order":{"number":2,"call":"c1","order":{"$type":"join","withCall":"c2","leg":"user","withLeg":"destination"}}}""",
        """{"watch":{"domain":"demo.local","user":"101","on":true}}""",
        """{"call":{"callId":"c1","state":"connected","call":{"domain":"demo.local","direction":"internal","user":"101","destination":"102","startedAt":"2026-11-20T12:00:00+00:00"}}}""",
        """{"calls":{"domain":"demo.local","user":"101","ids":["c1","c2"]}}""",
        """{"done":{"number":1,"reason":"call-ended"}}""",
    ];

    public IEnumerable<string> Words => ["\"$type\":", "\"order\":", "\"call\":", "\"ids\":", "\"hold\"", "null", "{", "[", "\"-00:00:01\"", "1e9", "\\ud800", "\"\\r\\n\""];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!EdgeNews.TryRead(input, out var news)) return;
        Promise.That(EdgeNews.Write(news!).Length > 0, "what was read can be written");
        if (news!.Order?.Order is not { } order || CommandGuard.Check(order) is not null) return;
        var text = order switch
        {
            CallOrder.Transfer transfer => transfer.To + transfer.Leg + transfer.CallerId,
            CallOrder.Join join => join.WithCall.Value + join.Leg + join.WithLeg,
            CallOrder.Hold hold => hold.Leg ?? "",
            _ => "",
        };
        Promise.That(text.Length < 256 && Encoding.UTF8.GetByteCount(text) == text.Length && !text.Any(c => char.IsControl(c) || c == ' '), "it may stand in a header");
    }
}
