using Azure.Messaging.ServiceBus;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.ServiceBusTriggers;

/// <summary>
/// Receives a queue's sessions by the SDK's own processor, each session's messages one after the other: success completes a message,
/// failure gives it back, and the queue moves it to its dead letters when it has failed too often. Outlives the service.
/// </summary>
internal sealed class ServiceBusListener : IAsyncDisposable
{
    private static readonly TimeSpan AfterCancel = TimeSpan.FromSeconds(2);

    private readonly FunctionEntry _function;
    private readonly string _queue;
    private readonly FunctionRunner _runner;
    private readonly ILogger _logger;
    private readonly ServiceBusClient _client;
    private readonly ServiceBusSessionProcessor _processor;
    private readonly CancellationTokenSource _cancel = new();
    private int _down;
    private bool _abandoned;

    public ServiceBusListener(
        FunctionEntry function, string queue, ServiceBusClient client, ServiceBusSettings settings, FunctionRunner runner, ILogger logger)
    {
        (_function, _queue, _client, _runner, _logger) = (function, queue, client, runner, logger);
        _processor = client.CreateSessionProcessor(queue, new ServiceBusSessionProcessorOptions
        {
            AutoCompleteMessages = false,
            MaxConcurrentSessions = settings.MaxConcurrentSessions,
            SessionIdleTimeout = settings.SessionIdleTimeout,
            PrefetchCount = settings.PrefetchCount,
            MaxAutoLockRenewalDuration = settings.MaxAutoLockRenewal,
        });
        _processor.ProcessMessageAsync += TakeAsync;
        _processor.ProcessErrorAsync += FailedAsync;
    }

    public async Task StartAsync(CancellationToken stop)
    {
        await _processor.StartProcessingAsync(stop);
        HostLog.QueueWatched(_logger, _function.Name, _queue);
    }

    /// <summary>Lets running functions finish until <paramref name="timeIsOver"/>, then cancels them.</summary>
    public async Task StopAsync(CancellationToken timeIsOver)
    {
        try
        {
            await _processor.StopProcessingAsync(timeIsOver);
        }
        catch (OperationCanceledException)
        {
            _abandoned = true;
            await _cancel.CancelAsync();
            HostLog.FunctionsAbandoned(_logger);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The processor waits for functions that are left behind: as long as they take.
        var closed = _processor.DisposeAsync().AsTask();
        if (!_abandoned || await Task.WhenAny(closed, Task.Delay(AfterCancel)) == closed) await closed;
        await _client.DisposeAsync();
        _cancel.Dispose();
    }

    private async Task TakeAsync(ProcessSessionMessageEventArgs args)
    {
        if (Interlocked.Exchange(ref _down, 0) == 1) HostLog.ServiceBusBack(_logger, _queue);
        var outcome = await _runner.RunInScopeAsync(_function, args.Message, ServiceBusBinding.Data(args.Message), _cancel.Token);
        try
        {
            if (outcome == InvocationOutcome.Succeeded) await args.CompleteMessageAsync(args.Message, CancellationToken.None);
            else await args.AbandonMessageAsync(args.Message, cancellationToken: CancellationToken.None);
        }
        catch (ServiceBusException e)
        {
            HostLog.MessageNotSettled(_logger, _queue, args.Message.MessageId, e.Reason.ToString());
        }
    }

    /// <summary>A lock that was lost says nothing of the service: the session is in other hands, and its messages come again.</summary>
    private Task FailedAsync(ProcessErrorEventArgs args)
    {
        if (args.Exception is ServiceBusException { Reason: ServiceBusFailureReason.SessionLockLost or ServiceBusFailureReason.MessageLockLost })
            HostLog.SessionLost(_logger, _queue, args.ErrorSource.ToString());
        else if (Interlocked.Exchange(ref _down, 1) == 0)
            HostLog.ServiceBusDown(_logger, _queue, Reason(args.Exception));
        return Task.CompletedTask;
    }

    private static string Reason(Exception e) => e is ServiceBusException known ? known.Reason.ToString() : e.GetType().Name;
}
