using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>All queue listeners of the app.</summary>
internal sealed class QueueTriggers(
    QueuePlanner planner, HostJson hostJson, IOptions<EmbeddedHostOptions> options, FunctionRunner runner,
    HostTools tools, ILoggerFactory loggers) : ITriggerListener, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger("Functions.Queues");
    private readonly List<QueueListener> _listeners = [];
    private readonly ListenerLifetime _lifetime = new(tools.Time, loggers.CreateLogger("Functions.Queues"));

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
        _lifetime.Start(_listeners.Select(l => (Func<CancellationToken, CancellationToken, Task>)l.RunAsync));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _lifetime.StopAsync(cancellationToken);

    public void Dispose() => _lifetime.Dispose();
}
