using Azure.Storage.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Benchmarks.Ingest;

/// <summary>What ingest is measured beside: an endpoint of bare Kestrel that writes the message it is given to the queue, and no more.</summary>
internal static class BareQueue
{
    public const string Queue = "bench-bare";

    /// <summary>The message that ingest would write for the posted body comes as it is, so that both write the same.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        var queue = new QueueClient(args[1], Queue, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{args[0]}");
        await using var app = builder.Build();
        app.MapGet("/healthz", () => Results.Ok());
        app.MapPost("/webhooks/pbx", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var message = $$"""{"receivedAt":"{{TimeProvider.System.GetUtcNow():O}}","source":"pbx","body":"{{Convert.ToBase64String(body.GetBuffer().AsSpan(0, (int)body.Length))}}"}""";
            await queue.SendMessageAsync(message, timeToLive: TimeSpan.FromSeconds(-1));
            return Results.Accepted();
        });
        await app.RunAsync();
        return 0;
    }
}
