using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using ClickToDial.App.Adapters.Egress;
using ClickToDial.App.Hosting.Telemetry;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Deliveries;

/// <summary>Posts one event to one subscriber, signed as Standard Webhooks say, and hears the answer out up to a cap.</summary>
public sealed class DeliverySender(EgressGuard guard, DeliveryOptions options, TimeProvider time) : IDeliverySender, IDisposable
{
    private readonly HttpMessageInvoker _http = new(guard.CreateHandler(TimeSpan.FromSeconds(options.TimeoutSeconds)));

    public async Task<DeliveryResult> SendAsync(Subscription subscription, string id, ReadOnlyMemory<byte> body, string? traceParent, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var began = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        var span = AppTrace.Source.Begin("deliver webhook", ActivityKind.Client, traceParent)?.SetTag("subscription", subscription.Id);
        using var request = Request(subscription, id, body, span?.Id ?? traceParent, now);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            var took = Milliseconds(began);
            span?.SetTag("http.status", (int)response.StatusCode);
            var answer = await ReadAsync(response, either.Token);
            stop.ThrowIfCancellationRequested();
            var attempt = new DeliveryAttempt(now, (int)response.StatusCode, null, took, ResponseExcerpt.Of(answer.Span, subscription.Secrets.All));
            return new DeliveryResult(attempt, RetryAfter(response.Headers.RetryAfter, now), answer);
        }
        catch (Exception e) when ((e is OperationCanceledException or HttpRequestException or IOException) && !stop.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            return new DeliveryResult(new DeliveryAttempt(now, null, ErrorOf(e), Milliseconds(began)), null, default);
        }
        finally
        {
            span.End();
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(Subscription subscription, string id, ReadOnlyMemory<byte> body, string? traceParent, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, subscription.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var keys = subscription.Secrets.Valid(now).Select(s => StandardWebhook.TryReadSecret(s, out var key) ? key : throw new FormatException("A stored secret is not readable."));
        var headers = request.Headers;
        foreach (var (name, value) in subscription.Secrets.Headers) headers.TryAddWithoutValidation(name, value);
        headers.TryAddWithoutValidation(StandardWebhook.IdHeader, id);
        headers.TryAddWithoutValidation(StandardWebhook.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        headers.TryAddWithoutValidation(StandardWebhook.SignatureHeader, StandardWebhook.Sign(keys, id, now, body.Span));
        headers.TryAddWithoutValidation(EventIngest.TokenHeader, subscription.Secrets.Token);
        headers.TryAddWithoutValidation("User-Agent", "ClickToDial-Webhooks/1");
        if (traceParent is not null) headers.TryAddWithoutValidation("traceparent", traceParent);
        return request;
    }

    /// <summary>The status counts, whatever becomes of the body.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var buffer = new byte[ResponseExcerpt.MaxRead];
        var length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(stop);
            for (int read; length < buffer.Length && (read = await stream.ReadAsync(buffer.AsMemory(length), stop)) > 0;) length += read;
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            // What came before is shown.
        }

        return buffer.AsMemory(0, length);
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? value, DateTimeOffset now) => value?.Delta ?? (value?.Date - now);

    private int Milliseconds(long began) => (int)Math.Min(time.GetElapsedTime(began).TotalMilliseconds, int.MaxValue);

    private static string ErrorOf(Exception e) => e switch
    {
        OperationCanceledException => "timeout",
        HttpRequestException { InnerException: EgressDeniedException } or EgressDeniedException => "address-not-allowed",
        HttpRequestException { InnerException: System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.HostNotFound or System.Net.Sockets.SocketError.NoData } } => "name-not-resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls-failed",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => "connection-failed",
        _ => "answer-not-readable",
    };
}
