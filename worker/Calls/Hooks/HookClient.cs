using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

/// <summary>Asks a back end one question: one POST, with a deadline, and an answer of bounded size. Never asked twice.</summary>
internal sealed class HookClient(HttpClient http, TimeProvider time, ILogger<HookClient> logger)
{
    public const int MaxBytes = 64 * 1024;
    private const int MaxSlug = 64;

    /// <returns>The answer, or why there is none; exactly one of them.</returns>
    public async Task<(JsonObject? Answer, HookFailure? Failure)> AskAsync(HookTarget target, string method, JsonObject body, CancellationToken stop)
    {
        var (answer, failure) = await TryAskAsync(target, method, body, stop);
        if (failure is not null) HookClientLog.Failed(logger, method, target.Url.Host, failure.Trouble, failure.Status);
        return (answer, failure);
    }

    private async Task<(JsonObject? Answer, HookFailure? Failure)> TryAskAsync(HookTarget target, string method, JsonObject body, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(target.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, target.AddressOf(method)) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        HookSigner.Sign(request, bytes, target, time.GetUtcNow());
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            // A longer body throws as soon as it is longer, whatever its headers say.
            await response.Content.LoadIntoBufferAsync(MaxBytes, either.Token);
            var answer = HookJson.TryParse(await response.Content.ReadAsByteArrayAsync(either.Token));
            if (response.StatusCode != HttpStatusCode.OK) return (null, new HookFailure(HookTrouble.Refused, (int)response.StatusCode, Slug(answer)));
            return answer is null ? (null, new HookFailure(HookTrouble.Unreadable, 200)) : (answer, null);
        }
        catch (HttpRequestException e)
        {
            return (null, new HookFailure(e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded ? HookTrouble.Unreadable : HookTrouble.Unreachable));
        }
        catch (IOException)
        {
            return (null, new HookFailure(HookTrouble.Unreachable));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (null, new HookFailure(HookTrouble.TimedOut));
        }
    }

    // It becomes a label and a SIP reason, so only what looks like one of ours is one.
    private static string? Slug(JsonObject? answer) =>
        HookJson.Text(answer?["reason"]) is { Length: > 0 and <= MaxSlug } slug && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? slug
            : null;
}
