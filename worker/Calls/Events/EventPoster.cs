using System.Net.Http.Headers;
using ClickToDial.Calls.Secrets;
using ClickToDial.Contracts.Telemetry;

namespace ClickToDial.Calls.Events;

/// <summary>What became of one post.</summary>
public enum PostVerdict
{
    Accepted,

    /// <summary>The receiver could not be reached, or not in time.</summary>
    Unreachable,

    /// <summary>The receiver answered with something other than 2xx.</summary>
    Refused,
}

/// <summary>Takes events to their receiver.</summary>
public interface IEventPoster
{
    /// <summary>Posts one event, given as its JSON. Never throws but for the cancelled token.</summary>
    Task<PostVerdict> PostAsync(ReadOnlyMemory<byte> json, CancellationToken stop);
}

/// <summary>Posts to the webhook ingest of the functions, as any PBX does.</summary>
public sealed class WebhookPoster(HttpClient http, Uri functions, LiveSecret token, TimeSpan deadline, TimeProvider time) : IEventPoster
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Uri _ingest = new(functions, "webhooks/pbx");

    public async Task<PostVerdict> PostAsync(ReadOnlyMemory<byte> json, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, _ingest);
        request.Headers.TryAddWithoutValidation("X-Pbx-Token", token.Current);
        var span = PostTrace.Begin(json.Span);
        if (span is not null) request.Headers.TryAddWithoutValidation(Spans.Header, span.Id);
        var verdict = PostVerdict.Unreachable;
        request.Content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = Json } };
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            verdict = response.IsSuccessStatusCode ? PostVerdict.Accepted : PostVerdict.Refused;
        }
        catch (HttpRequestException)
        {
            // Unreachable, as it was assumed.
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The same.
        }
        finally
        {
            span?.SetTag("verdict", verdict.ToString());
            span.End();
        }
        return verdict;
    }
}
