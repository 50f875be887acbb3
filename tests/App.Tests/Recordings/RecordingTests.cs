using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.App.Tests.Recordings;

/// <summary>From the worker's event to a blob that can be listened to.</summary>
public sealed class RecordingTests(AppRig app)
{
    [Fact(DisplayName = "A recording is fetched, its hash is checked, the worker may delete it, and it can be heard by parts")]
    public async Task Recording_told_of_is_fetched_acknowledged_and_served()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        var sound = RandomNumberGenerator.GetBytes(5_000_000); // more than one block
        app.Worker.Recordings[$"{id}.rec-1"] = sound;
        await TellAsync(domain, id, Summary(id, sound));
        await TellAsync(domain, id, Summary(id, sound));

        var listed = await app.UntilAsync<Answer>(
            async () => await domain.GetAsync($"/api/calls/{id}/recordings") is { } answer && answer.Json.GetProperty("recordings").GetArrayLength() == 1 ? answer : null,
            "the recording is listed");
        var view = listed.Json.GetProperty("recordings")[0];
        Assert.Equal(($"/api/recordings/{id}.rec-1", sound.Length), (view.GetProperty("url").GetString(), view.GetProperty("bytes").GetInt32()));
        await app.UntilAsync<object>(() => Task.FromResult<object?>(app.Worker.Recordings.ContainsKey($"{id}.rec-1") ? null : app), "the worker is told that it may delete");

        Assert.Equal(sound, await BytesAsync(domain, view.GetProperty("url").GetString()!, null, HttpStatusCode.OK));
        Assert.Equal(sound[1000..2000], await BytesAsync(domain, view.GetProperty("url").GetString()!, new RangeHeaderValue(1000, 1999), HttpStatusCode.PartialContent));
        Assert.Equal(404, (int)(await app.NewDomain().GetAsync($"/api/recordings/{id}.rec-1")).Status);
    }

    [Fact]
    public async Task Recording_that_comes_otherwise_than_told_is_not_kept_and_is_asked_for_again()
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();
        var sound = RandomNumberGenerator.GetBytes(5000);
        app.Worker.Recordings[$"{id}.rec-1"] = [.. sound[..^1], (byte)~sound[^1]];
        await TellAsync(domain, id, Summary(id, sound));
        app.Worker.Recordings[$"{id}.rec-2"] = sound;
        await TellAsync(domain, id, Summary(id, sound, "rec-2"), 3);
        var listed = await app.UntilAsync<Answer>(
            async () => await domain.GetAsync($"/api/calls/{id}/recordings") is { } answer && answer.Json.GetProperty("recordings").GetArrayLength() > 0 ? answer : null,
            "the second recording is listed");
        Assert.Equal($"{id}.rec-2", Assert.Single(listed.Json.GetProperty("recordings").EnumerateArray()).GetProperty("id").GetString());
        Assert.True(app.Worker.Recordings.ContainsKey($"{id}.rec-1"));
    }

    private static RecordingSummary Summary(CallId id, byte[] sound, string name = "rec-1") => new(
        name, new Uri($"control/recordings/{id}.{name}", UriKind.Relative), 2.5, sound.Length, Sha256: Convert.ToHexStringLower(SHA256.HashData(sound.AsSpan(44))));

    private static async Task TellAsync(TestDomain domain, CallId id, RecordingSummary recording, int sequence = 2) =>
        Assert.Equal(HttpStatusCode.Accepted, (await domain.TellAsync(domain.Event(id, sequence, CallEventType.RecordingStopped) with { Recording = recording })).Status);

    private async Task<byte[]> BytesAsync(TestDomain domain, string path, RangeHeaderValue? range, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = range } };
        request.Headers.Add("X-Api-Key", domain.Key);
        using var response = await app.Client.SendAsync(request);
        Assert.True(response.StatusCode == expected, string.Join("\n", app.Logs.Snapshot().TakeLast(6)));
        return await response.Content.ReadAsByteArrayAsync();
    }
}
