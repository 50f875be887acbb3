using System.Threading.Channels;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Replay;
using ClickToDial.EmbeddedHost.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>
/// Runs one instance in this process: waits for news, runs a step, stores it, and then does what the step asked for. One loop
/// owns all of it.
/// </summary>
internal sealed class InstanceSession : IDisposable
{
    // Not bounded: what is in it is stored already or is the answer of a task that the instance itself has asked for.
    private readonly Channel<SessionInput> _inputs = Channel.CreateUnbounded<SessionInput>(new UnboundedChannelOptions { SingleReader = true });
    // Who tells something waits no longer than that for a step to be stored.
    private static readonly TimeSpan LongestTelling = TimeSpan.FromSeconds(3);

    private readonly SessionMemory _memory;
    private readonly StepWriter _writer;
    private readonly DurableFunctions _functions;
    private readonly DurableStorage _storage;
    private readonly InstanceWatch _watch;
    private readonly ISessionHost _host;
    private readonly DurableSettings _settings;
    private readonly ILogger _logger;
    private ITimer? _timer;
    private OrchestratorTurn? _kept;
    private DateTimeOffset _keptUntil;

    public InstanceSession(
        StoredInstance stored, DurableFunctions functions, DurableStorage storage, InstanceWatch watch, ISessionHost host, DurableSettings settings, ILogger logger)
    {
        InstanceId = stored.State.InstanceId;
        _memory = new SessionMemory(stored);
        _writer = new StepWriter(_memory, storage, host, logger);
        (_functions, _storage, _watch, _host, _settings, _logger) = (functions, storage, watch, host, settings, logger);
    }

    public string InstanceId { get; }

    /// <returns>False when the session is over: the message must find its way by storage.</returns>
    public bool Post(SessionInput input) => _inputs.Writer.TryWrite(input);

    /// <summary>Has a message go into the next step, and waits until that is stored.</summary>
    /// <returns>False when the message must find its way by storage: the session is over, or its step takes too long.</returns>
    public async Task<bool> TellAsync(Message message, CancellationToken cancel)
    {
        var told = new Told(message.At, message.Event);
        if (!Post(told)) return false;
        try
        {
            return await told.Stored.WaitAsync(LongestTelling, _host.Time, cancel);
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            told.Withdraw();
        }
    }

    /// <summary>Until the instance has ended and owes nobody anything.</summary>
    /// <exception cref="OwnershipLostException">Another host has taken the instance over.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await ResumeAsync(stop);
            while (!_memory.State.HasEnded) await StepAsync(await NextAsync(stop), stop);
            await FinishAsync(stop);
        }
        finally
        {
            _inputs.Writer.TryComplete();
            while (_inputs.Reader.TryRead(out var input)) (input as Told)?.Reject();
            _memory.RejectTold();
        }
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Takes up what an earlier process has left: messages to send, tasks to run, timers to wait for.</summary>
    private async Task ResumeAsync(CancellationToken stop)
    {
        await SendAsync(stop);
        if (_memory.State.HasEnded) return;
        foreach (var task in _memory.OpenTasks) _host.Begin(this, _memory.State, task);
        if (_memory.Turns.Count > 0) await StepAsync([], stop);
    }

    private async Task<IReadOnlyList<News>> NextAsync(CancellationToken stop)
    {
        while (true)
        {
            while (_inputs.Reader.TryRead(out var input)) await AcceptAsync(input, stop);
            var now = _host.Time.GetUtcNow();
            var news = _memory.Take(now);
            if (news.Count > 0) return news;
            if (_keptUntil <= now) _kept = null;
            SetTimer(now);
            await _inputs.Reader.WaitToReadAsync(stop);
        }
    }

    private async Task AcceptAsync(SessionInput input, CancellationToken stop)
    {
        switch (input)
        {
            case Arrived arrived:
                _memory.Add(arrived.Message);
                break;
            case Answered answered:
                _memory.Add(answered);
                break;
            case Told told when _memory.IsEarly(_host.Time.GetUtcNow()):
                told.Reject();
                break;
            case Told told:
                _memory.Add(told);
                break;
            case Knocked:
                foreach (var message in await _writer.RetryAsync(() => _storage.Instances.ReadInboxAsync(InstanceId, stop), stop))
                    _memory.Add(message);
                break;
        }
    }

    private void SetTimer(DateTimeOffset now)
    {
        var due = _memory.Turns.Count == 0 ? _memory.State.StartAt : NextTimer();
        _timer?.Dispose();
        _timer = null;
        if (_kept is not null && (due is null || due > _keptUntil)) due = _keptUntil;
        if (due is not { } at) return;
        // A timer cannot be set further ahead than some weeks; at a day it finds nothing due and is set again.
        var wait = at - now < TimeSpan.FromDays(1) ? at - now : TimeSpan.FromDays(1);
        _timer = _host.Time.CreateTimer(_ => Post(new TimeCame()), state: null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private DateTimeOffset? NextTimer()
    {
        if (_memory.OpenTimers.Count == 0 || _memory.State.Status == Client.OrchestrationRuntimeStatus.Suspended) return null;
        return new DateTimeOffset(_memory.OpenTimers.Values.Min());
    }

    private async Task StepAsync(IReadOnlyList<News> news, CancellationToken stop)
    {
        var now = Now();
        List<HistoryEvent> told = [.. news.Select(n => n.Event).OfType<HistoryEvent>()];
        var code = _kept is { CanGoOn: true } kept ? kept : _functions.Begin(_memory.State, _memory.Turns);
        _kept = null;
        var result = await _functions.RunTurnAsync(code, _memory.State, told, now.UtcDateTime, stop);
        if (result is null) throw new OperationCanceledException(stop);
        var begun = BeginReaders(result);
        // Only looked at: to know the timers after a restart.
        if (news.Count > 0 || result.Actions.Count > 0 || result.Ending is not null)
        {
            await _writer.WriteAsync(news, result, now, stop);
            Report(result);
        }
        if (result.Ending is null) _memory.OpenTimers = result.OpenTimers;
        Keep(code);
        foreach (var task in result.Actions.Except(begun))
            if (task is ActivityScheduled or SubOrchestrationScheduled) _host.Begin(this, _memory.State, task);
        await SendAsync(stop);
    }

    /// <summary>What only reads runs while the step is being stored. Its answer is taken after that, and is nobody's if it never is.</summary>
    private List<OrchestratorAction> BeginReaders(TurnResult result)
    {
        if (result.Ending is not null) return [];
        List<OrchestratorAction> readers = [.. result.Actions.OfType<ActivityScheduled>().Where(a => _functions.OnlyReads(a.Name))];
        foreach (var task in readers) _host.Begin(this, _memory.State, task);
        return readers;
    }

    /// <summary>Only once its step is stored, so that the code and history never differ.</summary>
    private void Keep(OrchestratorTurn code)
    {
        if (!_settings.KeepsCode || !code.CanGoOn || !_functions.CanBeKept(_memory.State.Name)) return;
        (_kept, _keptUntil) = (code, _host.Time.GetUtcNow() + _settings.KeepsCodeFor);
    }

    /// <summary>An orchestration's clock never goes back.</summary>
    private DateTimeOffset Now()
    {
        var now = _host.Time.GetUtcNow();
        return _memory.Turns is [.., { At: var last }] && last > now.UtcDateTime ? new DateTimeOffset(last) : now;
    }

    private void Report(TurnResult result)
    {
        if (result.Ending is Threw threw) DurableLog.InstanceFailed(_logger, InstanceId, _memory.State.Name, threw.Failure.ErrorType, threw.Failure.ErrorMessage);
        DurableLog.StepStored(_logger, InstanceId, _memory.State.Turns, _memory.State.Status);
        _watch.Changed(InstanceId);
    }

    private async Task SendAsync(CancellationToken stop)
    {
        while (_memory.Outbox.TryPeek(out var next))
        {
            await _writer.RetryAsync(
                async () =>
                {
                    await _host.DeliverAsync(next.Target, next.Key, next.Message, stop);
                    return true;
                },
                stop);
            _memory.Sent(_memory.Outbox.Dequeue());
        }
    }

    /// <summary>After the last step: what is left over goes, and then the instance leaves the index.</summary>
    private async Task FinishAsync(CancellationToken stop)
    {
        await _writer.RetryAsync(
            async () =>
            {
                await _storage.Instances.DeleteAsync(InstanceId, _memory.UsedRows, stop);
                await _storage.Active.RemoveAsync(InstanceId, stop);
                return true;
            },
            stop);
    }
}
