using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>All timers of the app.</summary>
internal sealed class TimerTriggers(TimerPlanner planner, FunctionRunner runner, HostTools tools, ILoggerFactory loggers)
    : ITriggerListener, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger("Functions.Timers");
    private readonly List<TimerLoop> _loops = [];
    private readonly ListenerLifetime _lifetime = new(tools.Time, loggers.CreateLogger("Functions.Timers"));

    public void Prepare(FunctionIndex index, ICollection<string> errors)
    {
        foreach (var function in index.Enabled(TriggerKind.Timer))
            if (planner.Plan(function, errors) is { } plan) _loops.Add(new TimerLoop(plan, runner, tools.Time, _logger));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _lifetime.Start(_loops.Select(l => (Func<CancellationToken, CancellationToken, Task>)l.RunAsync));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _lifetime.StopAsync(cancellationToken);

    public void Dispose() => _lifetime.Dispose();
}
