using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>
/// All queue listeners of the app. Stopping lets running functions finish; when the host's shutdown timeout is over they are
/// cancelled and their messages released at once, and what ignores even that comes back after its lease.
/// </summary>
internal sealed class QueueTriggers(
    QueuePlanner planner, HostJson hostJson, IOptions<EmbeddedHostOptions> options, FunctionRunner runner,
    HostTools tools, ILoggerFactory loggers) : ITriggerListener, IDisposable
{
    /// <summary>For cancelled functions to notice, and for their messages to be released.</summary>
    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly ILogger _logger = loggers.CreateLogger("Functions.Queues");
    private readonly List<QueueListener> _listeners = [];
    private Task _running = Task.CompletedTask;

    public void Prepare(FunctionIndex index, ICollection<string> errors)
    {
        var lease = options.Value.QueueLease;
        if (lease < TimeSpan.FromSeconds(1)) errors.Add("EmbeddedHostOptions.QueueLease must be at least a second.");
        foreach (var function in index.Enabled(TriggerKind.Queue))
        {
            if (planner.Plan(function, errors) is not { } plan) continue;
            var processor = new QueueMessageProcessor(plan, hostJson.Queues, lease, runner, tools.Time, _logger);
            _listeners.Add(new QueueListener(plan, hostJson.Queues, lease, processor, tools.Time, tools.Random, _logger));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(_listeners.Select(listener => listener.RunAsync(_stop.Token, _cancel.Token)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (await Ended(_running.WaitAsync(cancellationToken))) return;
        await _cancel.CancelAsync();
        if (!await Ended(_running.WaitAsync(CancelGrace, tools.Time, CancellationToken.None))) HostLog.QueuesAbandoned(_logger);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _cancel.Dispose();
    }

    private static async Task<bool> Ended(Task running)
    {
        try
        {
            await running;
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }
}
