using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.EndToEnd.Shipping;
using ClickToDial.EndToEnd.Suite;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Telemetry;

/// <summary>What operators see of a call, and what nobody may see of it.</summary>
[Trait("row", "B5")]
public sealed class TraceTests(SuiteFixture fixture) : IAsyncLifetime
{
    private const string Number = SuiteFixture.CarrierPrefix + "55512345";

    private SubscriberPeer _subscriber = null!;
    private Phone _caller = null!;

    private static readonly string[] Names =
        ["IngestPbxEvent", "OriginateCall", "SIP BYE", "SIP INVITE", "call", "deliver webhook", "media", "post event", "process event", "worker PUT"];

    private ClickToDialSuite Suite => fixture.Product;

    public async ValueTask InitializeAsync()
    {
        SuiteFixture.SkipIfMissing();
        _caller = await fixture.PhoneAsync(440);
        _subscriber = await SubscriberPeer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_caller is not null) await _caller.DisposeAsync();
        if (_subscriber is not null) await _subscriber.DisposeAsync();
    }

    [Fact(DisplayName = "B5: a click is one connected trace up to the delivered webhook, and no secret and no number is in any log or span")]
    public async Task Click_IsOneTraceUpToTheDeliveredWebhook()
    {
        var made = await Suite.Api.SendAsync(HttpMethod.Post, "/api/webhooks", new JsonObject { ["url"] = _subscriber.Url.ToString() }, key: Suite.Api.ApiKey);
        Assert.Equal(201, made.Status);
        var token = await Suite.Api.TokenAsync(_caller.User);
        var call = await CallAsync(token);
        var last = await _subscriber.Requests.WaitAsync(r => IsEndOf(r, call), "the webhook that tells the end");
        await Suite.Api.SendAsync(HttpMethod.Delete, $"/api/webhooks/{made.Text("id")}", key: Suite.Api.ApiKey);

        var trace = await TraceAsync(last.Headers["traceparent"]);
        var root = Assert.Single(trace, span => span.Parent is null);
        Assert.Equal(("OriginateCall", "functions"), (root.Name, root.Part));
        Assert.All(trace.Where(span => span != root), span => Assert.Contains(trace, other => other.Id == span.Parent));
        Assert.Equal(
            Names,
            trace.Select(span => span.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2, trace.Count(span => span.Name == "SIP INVITE" && span.Tags["sip.status"] == "200"));
        AssertIsAChain(trace, last.Headers["traceparent"].Split('-')[2], ["deliver webhook", "process event", "IngestPbxEvent", "post event", "call", "OriginateCall"]);
        Assert.Equal(call.Value.ToString(), trace.Single(span => span.Name == "call").Tags["call.id"]);
        AssertNothingIsTold(token);
        AssertIsAStory(call);
    }

    // As `./dev trace` tells it.
    private void AssertIsAStory(CallId call)
    {
        var program = Path.Combine(Product.RepositoryRoot, ".dev/up/trace.mjs");
        var (code, story) = ImageRoot.Run("node", [program, "--logs", Suite.LogFolder, call.ToString()]);
        Assert.True(code == 0, story);
        var lines = story.Split('\n').ToList();
        string[] steps = [" OriginateCall", "worker PUT", "call  ", "SIP INVITE", "media", "SIP BYE"];
        Assert.Equal(steps, steps.OrderBy(step => lines.FindIndex(line => line.Contains(step, StringComparison.Ordinal))));
        Assert.All(steps.Append("deliver webhook"), step => Assert.Contains(step, story, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("- Call ", StringComparison.Ordinal));
        Assert.All(lines.Skip(1).Where(line => line.Length > 0), line => Assert.StartsWith("+", line.TrimStart(), StringComparison.Ordinal));
        Assert.NotEqual(0, ImageRoot.Run("node", [program, "--logs", Suite.LogFolder, "no-such-call"]).Code);
    }

    private async Task<CallId> CallAsync(string token)
    {
        await using var carrier = fixture.Carrier(hertz: 700);
        var placed = await Suite.Api.PlaceCallAsync(new JsonObject { ["user"] = _caller.User, ["destination"] = Number }, token);
        var calling = await _caller.RingsAsync();
        await calling.AnswerAsync();
        var called = await carrier.RingsAsync();
        await called.AnswerAsync();
        await calling.HearsAsync(700);
        await calling.HangUpAsync();
        await called.EndsAsync();
        await Suite.EndedCallAsync(placed.CallId);
        return placed.CallId;
    }

    private static bool IsEndOf(SubscriberPeer.Delivered request, CallId call)
    {
        var text = System.Text.Encoding.UTF8.GetString(request.Body);
        return text.Contains(call.Value.ToString(), StringComparison.Ordinal) && text.Contains("user_outbound_completed", StringComparison.Ordinal);
    }

    // A span is written a moment after what it tells of was seen from outside, and later than what followed from it: asked again until
    // all are there.
    private async Task<IReadOnlyList<Span>> TraceAsync(string traceParent)
    {
        var (id, last) = (traceParent.Split('-')[1], traceParent.Split('-')[2]);
        using var limit = new CancellationTokenSource(Patience.Step);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var trace = Suite.SpanLines().Select(Span.Read).Where(span => span.Trace == id).ToList();
            if (trace.Exists(span => span.Id == last) && IsWhole(trace)) return trace;
            if (limit.IsCancellationRequested) Assert.Fail($"The trace has only: {string.Join(", ", trace.Select(span => $"{span.Name} {span.Id} of {span.Parent}"))}");
            await pace.WaitForNextTickAsync();
        }
    }

    private static bool IsWhole(List<Span> trace) =>
        Names.All(name => trace.Exists(span => span.Name == name))
        && trace.Count(span => span.Name == "SIP INVITE") > 1
        && trace.TrueForAll(span => span.Parent is null || trace.Exists(other => other.Id == span.Parent));

    private static void AssertIsAChain(IReadOnlyList<Span> trace, string from, IReadOnlyList<string> names)
    {
        var seen = new List<string>();
        for (var span = trace.Single(s => s.Id == from); span is not null; span = trace.SingleOrDefault(s => s.Id == span.Parent)) seen.Add(span.Name);
        Assert.Equal(names, seen.Where(names.Contains));
    }

    private void AssertNothingIsTold(string token)
    {
        string[] secret =
        [
            .. Suite.Secrets, token, token.Split('.')[1], Suite.Seed.PasswordOf(_caller.User),
            Number.TrimStart('+'), "49891000", "a=rtpmap", "c=IN IP4",
        ];
        var lines = Suite.Functions.Output.Snapshot().Concat(Suite.Worker.Output.Snapshot()).Concat(Suite.SpanLines()).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.DoesNotContain(secret, word => line.Contains(word, StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("\"call.destination\":\"***\"", StringComparison.Ordinal));
    }
}
