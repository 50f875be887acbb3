using Azure.Messaging.ServiceBus;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.ServiceBusTriggers;

/// <summary>All Service Bus listeners of the app.</summary>
internal sealed class ServiceBusListeners(
    SettingResolver settings, HostJson hostJson, FunctionRunner runner, ILoggerFactory loggers) : ITriggerListener, IAsyncDisposable
{
    private readonly List<ServiceBusListener> _listeners = [];
    private readonly ILogger _logger = loggers.CreateLogger("Functions.ServiceBus");

    public void Prepare(FunctionIndex index, ICollection<string> errors)
    {
        foreach (var function in index.Enabled(TriggerKind.ServiceBus))
        {
            if (Plan(function, out var error) is { } listener) _listeners.Add(listener);
            else errors.Add($"Function '{function.Name}': {error}");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(_listeners.Select(l => l.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_listeners.Select(l => l.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners) await listener.DisposeAsync();
    }

    private ServiceBusListener? Plan(FunctionEntry function, out string? error)
    {
        var trigger = (ServiceBusTriggerAttribute)function.Trigger;
        error = trigger.QueueName is null || !trigger.IsSessionsEnabled || trigger.IsBatched || !trigger.AutoCompleteMessages
            ? "this host listens to queues with sessions only, message by message, and settles them itself."
            : null;
        if (error is not null) return null;
        var queue = settings.Resolve(trigger.QueueName!, out error);
        if (queue is null) return null;
        var connection = settings.Connection(trigger.Connection ?? "AzureWebJobsServiceBus", out error);
        if (connection is null) return null;
        try
        {
            return new ServiceBusListener(function, queue, new ServiceBusClient(connection), hostJson.ServiceBus, runner, _logger);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // The exception's text may hold the key.
            error = "its connection is not a Service Bus connection string.";
            return null;
        }
    }
}
