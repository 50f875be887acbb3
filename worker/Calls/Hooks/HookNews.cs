using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

/// <summary>What a browser is told of hooks: an event, or an ErrorEvent where telling the back end failed.</summary>
/// <param name="Body">Without what the back end keeps from browsers.</param>
internal sealed record ClientNews(string SessionId, string Method, JsonObject Body);

/// <summary>An event on its way to a back end.</summary>
/// <param name="IsOwnAct">The browser did it itself, and is not told of it.</param>
internal sealed record HookEvent(HookTarget Target, string SessionId, string Method, JsonObject Body, HookRule Rule, bool IsOwnAct = false);

/// <summary>
/// Tells back ends what happened, beside the calls: events of one session in their order, a bounded number of them waiting, and none told
/// twice.
/// </summary>
internal sealed class HookNews : IAsyncDisposable
{
    private const int Lanes = 8;
    private const int MostWaiting = 256;
    private readonly HookClient _client;
    private readonly Action<ClientNews> _toClient;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<HookEvent>[] _lanes;
    private readonly Task[] _loops;

    public HookNews(HookClient client, Action<ClientNews> toClient, ILogger<HookNews> logger)
    {
        (_client, _toClient, _logger) = (client, toClient, logger);
        _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => Channel.CreateBounded<HookEvent>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            dropped => HookClientLog.Dropped(_logger, dropped.Method)))];
        _loops = [.. _lanes.Select(lane => Task.Run(() => RunAsync(lane.Reader)))];
    }

    /// <summary>Returns at once.</summary>
    public void Tell(HookEvent news) => _lanes[(uint)news.SessionId.GetHashCode(StringComparison.Ordinal) % Lanes].Writer.TryWrite(news);

    /// <summary>Tells the browser what its back end failed at: an event, or what it has stopped by that.</summary>
    public void TellError(string sessionId, string method, string? callId, string slug) => _toClient(new ClientNews(sessionId, HookMethod.Error, new JsonObject
    {
        ["sessionId"] = sessionId,
        ["apiMethod"] = method,
        ["callId"] = callId,
        ["info"] = slug,
    }));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    private async Task RunAsync(ChannelReader<HookEvent> lane)
    {
        try
        {
            await foreach (var news in lane.ReadAllAsync(_stop.Token)) await TellAsync(news);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task TellAsync(HookEvent news)
    {
        if (!news.IsOwnAct) _toClient(new ClientNews(news.SessionId, news.Method, news.Rule.ForClient(news.Body)));
        if (news.Rule.Policy == HookPolicy.Disable) return;
        var (_, failure) = await _client.AskAsync(news.Target, news.Method, news.Rule.ForBackEnd(news.Body), _stop.Token);
        if (failure is null || !HookVerdict.Of(HookKind.Event, news.Rule.OnError).TellsClient) return;
        TellError(news.SessionId, news.Method, HookJson.Text(news.Body["callId"]), failure.ToRefusal().Slug);
    }
}
