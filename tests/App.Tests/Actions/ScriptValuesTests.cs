using System.Text.Json.Nodes;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Adapters;
using ClickToDial.App.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Row C7: the life of values, and the room that a domain has.</summary>
public sealed class ScriptValuesTests(AppRig app)
{
    private readonly ShiftedClock _clock = new();
    private int _request;

    [Fact(DisplayName = "C7: a value with a life is gone when it is over, counts from nothing again, and leaves room")]
    public async Task Value_expires()
    {
        var (values, domain) = Make(new ScriptOptions { MostKeys = 2 });
        await SetAsync(values, domain, "session", 41, seconds: 60);
        await SetAsync(values, domain, "kept", "x");
        Assert.Equal(42, (long?)await values.IncrementAsync(domain, Request(), "session", 1, CancellationToken.None));
        _clock.PutForward(TimeSpan.FromSeconds(59));
        // Counting has not prolonged it.
        Assert.Equal(42, (int?)await values.GetAsync(domain, "session", CancellationToken.None));
        Assert.Equal("kv-full", await RefusedAsync(() => SetAsync(values, domain, "third", 1)));

        _clock.PutForward(TimeSpan.FromSeconds(2));

        Assert.Null(await values.GetAsync(domain, "session", CancellationToken.None));
        Assert.Equal("[\"kept\"]", (await values.KeysAsync(domain, "", CancellationToken.None)).ToJsonString());
        Assert.False((bool?)await values.DeleteAsync(domain, Request(), "session", CancellationToken.None));
        await SetAsync(values, domain, "third", 1);
        Assert.Equal("ttl-invalid", await RefusedAsync(() => SetAsync(values, domain, "third", 1, seconds: 0)));
    }

    [Fact(DisplayName = "C7: a domain keeps so many values, of so many bytes together, and another domain is not touched")]
    public async Task Room_is_bounded()
    {
        var (values, domain) = Make(new ScriptOptions { MostKilobytes = 1 });
        await SetAsync(values, domain, "a", new string('x', 500));
        await SetAsync(values, domain, "b", new string('x', 400));
        Assert.Equal("kv-full", await RefusedAsync(() => SetAsync(values, domain, "c", new string('x', 200))));
        Assert.Equal("kv-full", await RefusedAsync(() => SetAsync(values, domain, "b", new string('x', 600))));
        // What becomes smaller always fits, and makes room.
        await SetAsync(values, domain, "a", new string('x', 10));
        await SetAsync(values, domain, "c", new string('x', 200));
        await SetAsync(values, app.NewDomain().Name, "c", new string('x', 900));
        Assert.Equal("value-too-long", await RefusedAsync(() => SetAsync(values, domain, "d", new string('x', ScriptValues.MaxValue))));
        Assert.Equal("key-invalid", await RefusedAsync(() => SetAsync(values, domain, new string('k', ScriptValues.MaxKey + 1), 1)));
    }

    [Fact]
    public async Task Counting_beyond_what_a_number_holds_is_refused()
    {
        var (values, domain) = Make(new ScriptOptions());
        await SetAsync(values, domain, "n", long.MinValue);
        Assert.Equal("value-too-large", await RefusedAsync(() => values.IncrementAsync(domain, Request(), "n", -1, CancellationToken.None)));
        Assert.Equal(long.MinValue + 1, (long?)await values.IncrementAsync(domain, Request(), "n", 1, CancellationToken.None));
    }

    private (ScriptValues Values, string Domain) Make(ScriptOptions options)
    {
        var domain = app.NewDomain().Name;
        return (new ScriptValues(app.Services.GetRequiredService<StorageClients>(), options, _clock), domain);
    }

    private Task<JsonNode?> SetAsync(ScriptValues values, string domain, string key, JsonNode value, int? seconds = null) =>
        values.SetAsync(domain, Request(), key, value, seconds, CancellationToken.None);

    private string Request() => $"request-{++_request}";

    private static async Task<string> RefusedAsync(Func<Task> work) => (await Assert.ThrowsAsync<ScriptRequestException>(work)).Reason;
}
