using System.Net;
using System.Text.Json;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Webhooks;

/// <summary>What other PBXes tell (P5), from the post to what is kept.</summary>
public sealed class PbxEventTests(AppRig app)
{
    [Theory]
    [InlineData("inbound", true, "answered")]
    [InlineData("inbound", false, "no-answer")]
    [InlineData("outbound", true, "answered")]
    [InlineData("outbound", false, "no-answer")]
    public async Task CallOfAUser_InWhateverOrderAndTwice_IsOneCompleteCall(string direction, bool answered, string result)
    {
        var domain = app.NewDomain();
        var start = app.Clock.GetUtcNow().AddMinutes(-2);
        object Told(string type, object? connected, object? duration, object? talk) => new
        {
            type,
            domain = domain.Name,
            unique_call_id = "1571.42/x",
            callerid = "+61400000001",
            caller_name = "Eve",
            user_name = "Ada",
            user_number = 101,
            dest_number = "+61400000002",
            call_start_at = start,
            connected_at = connected,
            call_duration = duration,
            conversation_duration = talk,
        };
        var (begun, up) = (Told($"user_{direction}", null, null, null), Told($"user_{direction}_answered", start.AddSeconds(5), null, null));
        // As some PBXes spell them: durations as text, a date that is the word null.
        var over = Told($"user_{direction}_completed", answered ? start.AddSeconds(5) : "null", "65", answered ? "60" : "0");
        object[] events = answered ? [over, up, begun, over, up] : [over, begun, over];

        foreach (var e in events) Assert.Equal(HttpStatusCode.Accepted, (await domain.PostPbxAsync(e)).Status);

        var store = app.Services.GetRequiredService<ICallStore>();
        var call = await app.UntilAsync(
            async () => (await store.FindForeignAsync(domain.Name, "1571.42/x", CancellationToken.None)).FirstOrDefault(c => c is { IsOpen: false, Seen.HasNoGap: true } && c.Seen.Max == 3),
            "the call is complete");
        Assert.Equal((CallState.Ended, 65, answered ? 60 : 0, "101"), (call.State, call.TotalDuration!.Value.TotalSeconds, call.TalkDuration!.Value.TotalSeconds, call.User));
        var shown = (await domain.GetAsync($"/api/calls/{call.CallId}")).Json;
        Assert.Equal((result, direction), (shown.GetProperty("result").GetString(), shown.GetProperty("direction").GetString()));
        Assert.Single((await domain.GetAsync("/api/calls?user=101")).Json.GetProperty("calls").EnumerateArray());
        Assert.Equal(("Eve", "Ada"), (call.Pbx!.CallerName, call.Pbx.UserName));
        Assert.True(call.IsForeign);
    }

    [Theory]
    [InlineData("queue_call", PbxItemKind.QueueCall)]
    [InlineData("ring_group_call", PbxItemKind.RingGroupCall)]
    [InlineData("voicemail", PbxItemKind.Voicemail)]
    [InlineData("recording_inbound", PbxItemKind.Recording)]
    [InlineData("recording_outbound", PbxItemKind.Recording)]
    [InlineData("webhook_component_event", PbxItemKind.Component)]
    [InlineData("something_new", PbxItemKind.Unknown)]
    public async Task EveryOtherType_IsKeptOnceAsARowOfItsKind(string type, PbxItemKind kind)
    {
        var domain = app.NewDomain();
        var at = app.Clock.GetUtcNow().AddMinutes(-1);
        var told = new
        {
            type,
            extra = new { deep = true },
            domain = domain.Name,
            unique_call_id = "c/1",
            caller_id = "+61400000001",
            queue_name = "Sales",
            ring_group_name = "Front desk",
            dest_number = "555",
            call_start_at = at,
            recorded_at = at,
            status = "abandoned",
            call_duration = "12",
            conversation_duration = (string?)"null",
            emails = new[] { "a@example.com" },
            email_subject = "s",
            email_message = new string('m', 60_000),
            audio_file = new[] { "https://x.example/a.wav" },
            call_recording_link = "https://x.example/r.mp3",
            component_name = "hook",
        };

        await domain.PostPbxAsync(told);
        await domain.PostPbxAsync(told);

        var items = app.Services.GetRequiredService<IPbxItemStore>();
        Task<PbxItemPage> List(params string[] groups) => items.ListAsync(new PbxItemQuery(domain.Name, kind, 10, groups), CancellationToken.None);
        var item = Assert.Single((await app.UntilAsync(async () => await List() is { Items.Count: > 0 } page ? page : null, "the item is there")).Items);
        Assert.Equal((type, 12, (int?)null, "c/1"), (item.Event.TypeName, item.Event.CallSeconds, item.Event.TalkSeconds, item.Event.UniqueCallId));
        Assert.Equal(at, item.At);
        Assert.Single((await List(item.Group!)).Items);
        Assert.Empty((await List("another")).Items);
        if (kind == PbxItemKind.Unknown) Assert.Contains("\"deep\":true", item.Raw);
    }

    [Fact]
    public async Task TypeInTheUrl_CountsWhereTheBodyHasNone()
    {
        var domain = app.NewDomain();
        var id = $"url-{domain.Name}";

        await domain.PostPbxAsync(new { unique_call_id = id, user_number = "101", call_start_at = app.Clock.GetUtcNow() }, "/acme/user-inbound-call", AppRig.AcmeToken);

        var store = app.Services.GetRequiredService<ICallStore>();
        var call = await app.UntilAsync(
            async () => await store.FindForeignAsync("other.test", id, CancellationToken.None) is [var found, ..] ? found : null, "the call is there");
        Assert.Equal(CallDirection.Inbound, call.Direction);
    }

    [Fact]
    public async Task EventWithoutADomainWhereThereAreSeveral_IsSetAsideForTheOperator()
    {
        var domain = app.NewDomain();
        var from = app.Logs.Count;

        await domain.PostPbxAsync(new { type = "queue_call", unique_call_id = "no-domain" });

        await app.Logs.WaitAsync(l => l.Id == 1040 && l.Text.Contains("event-without-domain", StringComparison.Ordinal), "the reason is logged", from: from);
    }
}
