using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClickToDial.App.Calls;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Recordings;

/// <summary>
/// Takes a recording from its worker into a blob, block by block, and tells the worker that it may delete its file. Every step may
/// be done again: the row is written when the blob is whole and its hash is right, and the worker is told after that.
/// </summary>
public sealed partial class RecordingFetcher(
    CallWorkerOptions worker, RecordingOptions options, RecordingStore store, TimeProvider time, ILogger<RecordingFetcher> logger) : IDisposable
{
    // Small enough for the short deadline of each request to storage, and 50,000 of them hold more than a recording may have.
    private const int BlockBytes = 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task FetchAsync(RecordingOrder order, CancellationToken stop)
    {
        if (!order.IsSound || order.Recording.Bytes > options.MaxMegabytes * 1024L * 1024)
        {
            LogRefused(order.Id);
            return;
        }
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.FetchSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        if (await store.FindAsync(order.Domain, order.Id, either.Token) is null && !await TakeAsync(order, either.Token)) return;
        if (!await AcknowledgeAsync(order, either.Token)) throw new HttpRequestException("No worker took the acknowledgement of a recording.");
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> TakeAsync(RecordingOrder order, CancellationToken stop)
    {
        using var response = await AskAsync(order, stop);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            LogGone(order.Id);
            return false;
        }
        response.EnsureSuccessStatusCode();
        await UploadAsync(order, await response.Content.ReadAsStreamAsync(stop), stop);
        await store.KeepAsync(order, stop);
        return true;
    }

    private IEnumerable<Uri> Places(RecordingOrder order) => worker.All.Select(url => new Uri(new Uri(url.TrimEnd('/') + "/"), order.Recording.Location!));

    // Which worker has it is not known: the first answer that is no "not here" counts, and none counts while one could not be asked.
    private async Task<HttpResponseMessage> AskAsync(RecordingOrder order, CancellationToken stop)
    {
        HttpResponseMessage? answer = null;
        HttpRequestException? fault = null;
        foreach (var place in Places(order))
        {
            try
            {
                answer?.Dispose();
                answer = await SendAsync(HttpMethod.Get, place, stop);
                if (answer.StatusCode != HttpStatusCode.NotFound) return answer;
            }
            catch (HttpRequestException e)
            {
                fault = e;
            }
        }

        return fault is null ? answer! : throw fault;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri place, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, place) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", worker.ControlToken) } };
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    private async Task<bool> AcknowledgeAsync(RecordingOrder order, CancellationToken stop)
    {
        var isDone = false;
        foreach (var place in Places(order))
        {
            using var done = await SendAsync(HttpMethod.Delete, place, stop);
            isDone |= done.IsSuccessStatusCode;
        }

        return isDone;
    }

    // Blocks count for nothing until the list of them is committed, and that happens once the hash is known to be right.
    private async Task UploadAsync(RecordingOrder order, Stream sound, CancellationToken stop)
    {
        var blob = store.Blob(order.Domain, order.Id);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        var blocks = new List<string>();
        var total = 0L;
        for (int count; (count = await sound.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, stop)) > 0;)
        {
            if ((total += count) > order.Recording.Bytes) break;
            var header = blocks.Count == 0 ? Math.Min(count, RecordingOrder.HeaderBytes) : 0;
            hash.AppendData(block, header, count - header);
            blocks.Add(Convert.ToBase64String(BitConverter.GetBytes(blocks.Count)));
            await blob.StageBlockAsync(blocks[^1], new MemoryStream(block, 0, count, writable: false), cancellationToken: stop);
        }
        if (total != order.Recording.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != order.Recording.Sha256)
            throw new InvalidDataException("A recording came otherwise than it was told of.");
        await CommitAsync(blob, blocks, stop);
    }

    // Never over another: two messages of one recording may be at work at once, and somebody may be listening already.
    private static async Task CommitAsync(BlockBlobClient blob, List<string> blocks, CancellationToken stop)
    {
        try
        {
            await blob.CommitBlockListAsync(
                blocks,
                new CommitBlockListOptions
                {
                    HttpHeaders = new BlobHttpHeaders { ContentType = "audio/wav" },
                    Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                },
                stop);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Whoever was first has checked its hash too.
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "Recording {Id} is not fetched: its order makes no sense, or it is larger than Recordings:MaxMegabytes")]
    private partial void LogRefused(string id);

    [LoggerMessage(1302, LogLevel.Warning, "Recording {Id} is gone at its worker and was never fetched")]
    private partial void LogGone(string id);
}
