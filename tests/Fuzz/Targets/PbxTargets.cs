using System.Globalization;
using System.Net;
using System.Text;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Csv;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.PbxApi;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.Fuzz.Targets;

/// <summary>What is posted to the webhook is taken apart or refused, and whatever is taken can be kept.</summary>
public sealed class PbxBodyTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    public string Name => "pbx-body";

    public IEnumerable<string> Seeds =>
    [
        """{"type":"user_inbound_completed","unique_call_id":"1.2","callerid":"+61400000001","user_number":101,"call_start_at":"2026-11-20T10:00:00.000Z","connected_at":"null","call_duration":"12","conversation_duration":0}""",
        """[{"type":"queue_call","queue_name":"Sales","status":"abandoned"},{"type":"voicemail","audio_file":["a","b"],"emails":"a@b,c@d","recorded_at":"2026-11-20"}]""",
    ];

    public IEnumerable<string> Words => ["\"null\"", "null", "1e309", "-1", "\\ud800", "[[", "{\"a\":", "\"type\":", "\"0:01:05\"", "recording_inbound", "9999-12-31T23:59:59Z", "0001-01-01"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var posted = PostedEvents.Read(input.ToArray());
        if (!posted.IsOk) return;
        Promise.That(posted.Value.Length is > 0 and <= PostedEvents.MaxEvents, "a post holds some events and not too many");
        foreach (var e in posted.Value) Check(e.Body);
    }

    private static void Check(ReadOnlyMemory<byte> body)
    {
        Promise.That(PostedEvents.Read(body) is { IsOk: true, Value.Length: 1 }, "an event of a batch is an event by itself");
        if (PbxEventReader.Read(body, "user-inbound-call") is not { } e) return;
        Promise.That(e is { CallSeconds: null or >= 0, TalkSeconds: null or >= 0 }, "no duration is negative");
        Promise.That((e.EmailMessage?.Length ?? 0) <= PbxEventReader.MaxMessage, "texts are bounded");
        // What lies far off is refused before it is translated into steps.
        if (!PbxTranslator.IsWithinTime(e, Now)) return;
        if (PbxTranslator.IsCall(e.Type)) Promise.That(PbxTranslator.Translate(e, "d.test", Now).CallId.Value.Length > 0, "a call has an id");
        else Promise.That(PbxItem.Of(e, "d.test", body, Now).Id.Length == 40, "an item has an id");
    }
}

/// <summary>Query strings are read or refused with the parameter named, and CSV cells stay one cell.</summary>
public sealed class PbxQueryTarget : IFuzzTarget
{
    public string Name => "pbx-query";

    public IEnumerable<string> Seeds => ["from_date=2026-03-10&to_date=2026-03-11&sort_by=newest_first&offset=0&limit=100&queues_names=Sales,Front desk&fromDate=2026-01-01&cursor=MS5h"];

    public IEnumerable<string> Words => ["9999-12-31", "0001-01-01", "oldest_first", "99999999999", "%", ",,", "-1", "limit=", "offset=20000", "toDate=", "\""];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        var pairs = text.Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.First()[1]);
        Promise.That(LocalDays.TryFind("Australia/Sydney", out var zone), "the zone is there");
        var query = PbxQuery.Read(pairs.GetValueOrDefault, "queues_names", zone);
        if (query.IsOk) Promise.That(query.Value.Offset + query.Value.Limit <= CallQuery.MaxReach, "reads are bounded");
        else Promise.That(query.Problem.Field is not null, "a refusal names the parameter");
        var own = CallQueryReader.Read(pairs.GetValueOrDefault, "d.test", null, zone, CallQuery.MaxLimit);
        if (own.IsOk) Promise.That(own.Value.Offset + own.Value.Limit <= CallQuery.MaxReach, "reads are bounded");
        var cell = CsvText.Cell(text);
        Promise.That(cell.Length == 0 || cell[0] is not ('=' or '+' or '-' or '@' or '\t' or '\r'), "no cell is a formula");
    }
}

/// <summary>Networks and forwarded addresses: what is read contains itself, and nobody's word counts who is no proxy.</summary>
public sealed class AddressTarget : IFuzzTarget
{
    private static readonly AddressRanges Proxies = new(["10.0.0.0/8", "fd00::/8"]);

    public string Name => "address";

    public IEnumerable<string> Seeds => ["192.0.2.0/24", "2001:db8::/32", "198.51.100.1, 10.0.0.2", "[2001:db8::1]:443, fd00::1", "::ffff:192.0.2.1"];

    public IEnumerable<string> Words => ["/0", "/128", "%1", "0x", "::", ", ", "10.0.0.", ":65535", "[", "]"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (AddressRanges.TryParse(text, out var network))
            Promise.That(new AddressRanges([text]).Contains(network.BaseAddress), "a network contains its first address");
        var outside = IPAddress.Parse("203.0.113.7");
        Promise.That(outside.Equals(ClientAddress.Find(outside, [text], Proxies)), "who is no proxy is the client");
        ClientAddress.Find(IPAddress.Parse("10.0.0.1"), [text], Proxies);
    }
}

/// <summary>Headers of callers: signatures, keys, triggers. Nothing that was not signed verifies.</summary>
public sealed class WebhookHeaderTarget : IFuzzTarget
{
    private static readonly byte[] Key = new byte[32];
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_763_700_000);

    public string Name => "webhook-header";

    public IEnumerable<string> Seeds => [$"msg_1\n{Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}\nv1,AAAA v1a,x\nwhsec_{Convert.ToBase64String(Key)}", "ctd_a_0123456789abcdef"];

    public IEnumerable<string> Words => ["v1,", "whsec_", " ", "ctd_", "_", "==", "user-inbound-call", "\n"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var lines = Encoding.UTF8.GetString(input).Split('\n');
        string? Line(int i) => i < lines.Length ? lines[i] : null;
        Promise.That(!StandardWebhook.Verifies([Key], Line(0), Line(1), Line(2), "body"u8, Now), "nothing verifies that was not signed");
        if (StandardWebhook.TryReadSecret(Line(3), out var key)) Promise.That(key.Length is >= 24 and <= 64, "a secret has its length");
        if (ApiKey.TryParse(Line(0), out var apiKey)) Promise.That(ApiKey.IsId(apiKey.Id), "a key has an id");
        PbxEventTypes.OfTrigger(Line(0));
    }
}
