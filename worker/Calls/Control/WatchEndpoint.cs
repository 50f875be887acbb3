using System.Buffers;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Control;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClickToDial.Calls.Control;

/// <summary>
/// Calls as they change, as server-sent events (WHATWG HTML, section 9.2): the event's name is the message's kind, its data the
/// message. A comment now and then keeps what is between us and the reader from taking the silence for the end.
/// </summary>
internal sealed class WatchEndpoint(ICallControl calls, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // Who takes nothing for so long is gone, or as good as.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    public async Task WatchAsync(HttpContext http)
    {
        if (!FilterReader.TryRead(http.Request.Query, out var filter, out var wrong))
        {
            await ControlJson.RefuseAsync(http, Problems.Invalid(wrong));
            return;
        }
        using var watch = calls.Watch(filter);
        if (watch is null)
        {
            http.Response.Headers.RetryAfter = "5";
            await ControlJson.RefuseAsync(http, Problems.TooManyWatches);
            return;
        }
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await TellAsync(http, watch);
        }
        catch (OperationCanceledException)
        {
            http.Abort(); // The reader has left, or takes nothing: it must not mistake this for the end.
        }
    }

    private async Task TellAsync(HttpContext http, CallWatch watch)
    {
        var gone = http.RequestAborted;
        for (var next = watch.ReadAsync(gone); ;)
        {
            await ((Task)next.WaitAsync(Heartbeat, time, gone)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!next.IsCompleted)
            {
                http.Response.BodyWriter.Write(":\n\n"u8);
            }
            else
            {
                if (await next is not { } message) return;
                Write(http.Response.BodyWriter, message);
                next = watch.ReadAsync(gone);
            }
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
            limit.CancelAfter(WriteLimit);
            await http.Response.BodyWriter.FlushAsync(limit.Token);
        }
    }

    // JSON as it is written here has no line breaks, so it is one line of data.
    private static void Write(IBufferWriter<byte> to, WatchMessage message)
    {
        to.Write(message.Kind == WatchKind.Calls ? "event: calls\ndata: "u8 : "event: call\ndata: "u8);
        to.Write(JsonSerializer.SerializeToUtf8Bytes(message, ContractsJson.Default.WatchMessage));
        to.Write("\n\n"u8);
    }
}
