using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>A reason for a session to look up.</summary>
internal abstract record SessionInput;

/// <summary>A message that is stored in the inbox.</summary>
internal sealed record Arrived(Message Message) : SessionInput;

/// <summary>
/// A message of this process that goes into a step without having been in the inbox: one round trip less. Until the step that
/// takes it in is stored it is nowhere but here, and whoever sent it waits.
/// </summary>
internal sealed record Told(DateTimeOffset At, HistoryEvent Event) : SessionInput
{
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    /// <summary>True once it is stored; false when it has to be stored by its sender, and may have been here.</summary>
    public Task<bool> Stored => _stored.Task;

    /// <summary>A step has it.</summary>
    public bool IsTaken => Volatile.Read(ref _state) == 1;

    public bool IsWithdrawn => Volatile.Read(ref _state) == 2;

    /// <summary>False when its sender has given up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, 1, 0) == 0;

    public void Withdraw() => Interlocked.CompareExchange(ref _state, 2, 0);

    public void Accept() => _stored.TrySetResult(true);

    public void Reject() => _stored.TrySetResult(false);
}

/// <summary>
/// A task of the running process has its answer. It is not stored before the step that takes it in: if that never comes, the
/// task is open still and runs again.
/// </summary>
internal sealed record Answered(string ExecutionId, DateTimeOffset At, HistoryEvent Answer) : SessionInput;

/// <summary>A timer may be due.</summary>
internal sealed record TimeCame : SessionInput;

/// <summary>Another process has put something into the inbox.</summary>
internal sealed record Knocked : SessionInput;
