using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.App.Tests.Support;

/// <summary>A domain of the seed and a client with its API key.</summary>
/// <param name="AdminKey">An API key with the scope admin alone.</param>
/// <param name="FewKey">An API key without any scope that calls need.</param>
public sealed record TestDomain(AppRig App, string Name, string Key, string FewKey, string AdminKey)
{
    private static int _keys;

    public static string NewKey() => $"key-{Interlocked.Increment(ref _keys)}";

    public static object Call(string destination = "echo", string user = "101") => new { user, destination };

    public Task<Answer> PostCallAsync(object? body = null, string? key = null, string? token = null, string? origin = null) =>
        SendAsync(HttpMethod.Post, "/api/calls", body ?? Call(), token, r =>
        {
            r.Headers.Add("Idempotency-Key", key ?? NewKey());
            if (origin is not null) r.Headers.Add("Origin", origin);
        });

    public async Task<string> TokenAsync(object? more = null)
    {
        var answer = await SendAsync(HttpMethod.Post, "/api/sessions", more ?? new { user = "101" });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Json.GetProperty("token").GetString()!;
    }

    public Task<Answer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token: token);

    public Task<Answer> DeleteAsync(string path, string? token = null) => SendAsync(HttpMethod.Delete, path, token: token);

    public async Task<CallId> PlaceAsync(string destination = "echo")
    {
        var answer = await PostCallAsync(Call(destination));
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return CallId.Parse(answer.Json.GetProperty("id").GetString()!);
    }

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, object? body = null, string? token = null, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is null) request.Headers.Add("X-Api-Key", Key);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        with?.Invoke(request);
        return await Answer.ReadAsync(await App.Client.SendAsync(request));
    }

    public CallEvent Event(CallId id, int sequence, CallEventType type, string destination = "echo") => new(
        CallEvent.IdFor(id, sequence), id, sequence, type, App.Clock.GetUtcNow(),
        new CallParties(Name, CallDirection.Outbound, "101", destination, App.Clock.GetUtcNow()), "worker-1");

    public CallEvent Ended(CallId id, int sequence) => Event(id, sequence, CallEventType.CallEnded) with
    {
        Outcome = new CallOutcome(CallResult.Answered, CallReasons.UserHungUp, 200),
        Legs = [new LegSummary("u1", LegRole.User, "101", Media: new MediaSummary("PCMA", 50, 49, 1, 0.5, MeanOpinionScore: 4.2))],
    };

    public async Task<Answer> TellAsync(CallEvent e, string? pbxToken = AppRig.PbxToken) =>
        await TellAsync(JsonContent.Create(e, ContractsJson.Default.CallEvent), pbxToken);

    public async Task<Answer> TellAsync(HttpContent content, string? pbxToken = AppRig.PbxToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/pbx") { Content = content };
        if (pbxToken is not null) request.Headers.Add("X-Pbx-Token", pbxToken);
        return await Answer.ReadAsync(await App.Client.SendAsync(request));
    }

    /// <summary>Asks with the key of an administrator.</summary>
    public Task<Answer> AdminAsync(HttpMethod method, string path, object? body = null, string? key = null) => SendAsync(method, path, body, with: r =>
    {
        r.Headers.Remove("X-Api-Key");
        r.Headers.Add("X-Api-Key", key ?? AdminKey);
    });

    /// <summary>A subscription to every step of every call.</summary>
    public async Task SubscribeAsync(Uri url)
    {
        var made = await AdminAsync(HttpMethod.Post, "/api/webhooks", new { url, style = "call-event" }, FewKey);
        Assert.Equal(HttpStatusCode.Created, made.Status);
    }

    /// <summary>Posts what a PBX would, to the path given behind <c>/webhooks/pbx</c>.</summary>
    public async Task<Answer> PostPbxAsync(object body, string path = "", string token = AppRig.PbxToken, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/pbx" + path)
        {
            Content = body as HttpContent ?? (body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body)),
        };
        request.Headers.Add("X-Pbx-Token", token);
        with?.Invoke(request);
        return await Answer.ReadAsync(await App.Client.SendAsync(request));
    }

    /// <summary>Waits until the call is as wanted.</summary>
    public Task<Answer> UntilAsync(CallId id, Func<JsonElement, bool> wanted, string what) => App.UntilAsync(
        async () =>
        {
            var answer = await GetAsync($"/api/calls/{id}");
            return answer.Status == HttpStatusCode.OK && wanted(answer.Json) ? answer : null;
        },
        what);

    public int CommandsAtWorker => App.Worker.Commands.Snapshot().Count(c => c.Command.Domain == Name);

    public int DialledAtWorker => App.Worker.Dialled.Snapshot().Count(c => c.Command.Domain == Name);
}
