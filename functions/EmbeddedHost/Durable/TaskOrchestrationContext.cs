using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Durable;

/// <summary>
/// All that an orchestrator may use. Its code runs again from the start at every step, with recorded answers, so it must
/// take time, ids and everything else that may differ from run to run from here, and await nothing else.
/// </summary>
public abstract class TaskOrchestrationContext
{
    /// <summary>Time of the step that is running or being replayed; the same in every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    public abstract string InstanceId { get; }

    /// <summary>True while the code repeats what it did in earlier steps.</summary>
    public abstract bool IsReplaying { get; }

    public abstract TaskName Name { get; }

    /// <summary>Null for an orchestration that a client started.</summary>
    public abstract ParentOrchestrationInstance? Parent { get; }

    public virtual string Version => "";

    public virtual ILoggerFactory ReplaySafeLoggerFactory => new ReplaySafeLoggers(this);

    protected abstract ILoggerFactory LoggerFactory { get; }

    /// <exception cref="TaskFailedException">From the task: the activity threw, and no retry is left.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    public virtual Task<TResult> CallActivityAsync<TResult>(TaskName name, TaskOptions options) =>
        CallActivityAsync<TResult>(name, input: null, options);

    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    public virtual Task CallActivityAsync(TaskName name, TaskOptions options) => CallActivityAsync(name, input: null, options);

    /// <exception cref="TaskFailedException">From the task: the orchestration failed or was terminated, and no retry is left.</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null);

    public virtual Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync<TResult>(orchestratorName, input: null, options);

    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        CallSubOrchestratorAsync<object>(orchestratorName, input, options);

    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync(orchestratorName, input: null, options);

    /// <summary>Completes at <paramref name="fireAt"/> (UTC); cancelled when the token is, which a race should do with its loser.</summary>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime + delay, cancellationToken);

    /// <summary>
    /// Completes with the next event of this name (any case), also one that came before. Of several waits for one name the
    /// newest is served first.
    /// </summary>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>The task is cancelled when the event has not come in time.</summary>
    public Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout) =>
        WaitForExternalEvent<T>(eventName, timeout, CancellationToken.None);

    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var abandonTimer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abandonWait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = CreateTimer(timeout, abandonTimer.Token);
        var wait = WaitForExternalEvent<T>(eventName, abandonWait.Token);
        var first = await Task.WhenAny(wait, timer);
        // Not CancelAsync: it would leave the orchestrator's thread.
        Cancel(first == wait ? abandonTimer : abandonWait);
        return await wait;
    }

    /// <summary>Sends an event to another instance after this step; one that does not exist or has ended ignores it.</summary>
    public abstract void SendEvent(string instanceId, string eventName, object payload);

    /// <summary>
    /// Starts the orchestrator over with a new input and an empty history once its code returns. Events that nobody has
    /// waited for go along unless <paramref name="preserveUnprocessedEvents"/> says otherwise.
    /// </summary>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>Shown to clients from the end of this step; at most 16 Ki characters of JSON.</summary>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>A new id that is the same in every replay.</summary>
    public abstract Guid NewGuid();

    public abstract T? GetInput<T>();

    /// <summary>A logger that says nothing during replay.</summary>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(this, LoggerFactory.CreateLogger(categoryName));

    public virtual ILogger CreateReplaySafeLogger(Type type) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(type));

    public virtual ILogger CreateReplaySafeLogger<T>() => new ReplaySafeLogger(this, LoggerFactory.CreateLogger<T>());

    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => !context.IsReplaying && inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    private sealed class ReplaySafeLoggers(TaskOrchestrationContext context) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => context.CreateReplaySafeLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => context.LoggerFactory.AddProvider(provider);

        public void Dispose()
        {
            // The factory behind it belongs to the host.
        }
    }
}
