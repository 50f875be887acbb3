using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Replay;

/// <summary>What a step led to.</summary>
/// <param name="Actions">What the code newly asked for.</param>
/// <param name="Ending">How the execution ended; null while it goes on.</param>
/// <param name="OpenTimers">Timers still awaited, by task id.</param>
internal sealed record TurnResult(
    IReadOnlyList<OrchestratorAction> Actions,
    TurnEnding? Ending,
    IReadOnlyDictionary<int, DateTime> OpenTimers,
    bool IsSuspended,
    string? CustomStatus);

internal abstract record TurnEnding;

internal sealed record Returned(string? Output) : TurnEnding;

internal sealed record Threw(TaskFailureDetails Failure) : TurnEnding;

internal sealed record WasTerminated(string? Output, bool Recursive) : TurnEnding;

/// <param name="Events">Events nobody waited for, to be told to the next execution.</param>
internal sealed record StartsOver(string? Input, IReadOnlyList<EventRaised> Events) : TurnEnding;
