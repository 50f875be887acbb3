using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Calls;

/// <summary>
/// The worker's control API. Nothing here is tried again by itself: the caller repeats with the same call id, which the worker
/// takes for the same call.
/// </summary>
public interface IWorkerClient
{
    /// <param name="isAgain">It may have been commanded before: whichever worker has it is the only one that may be told.</param>
    /// <returns>The call as it is, or why there is none; an unreachable worker is a problem, not an exception.</returns>
    Task<Result<CallSnapshot>> OriginateAsync(CallId callId, OriginateCommand command, bool isAgain, CancellationToken stop);

    Task<WorkerView> GetAsync(CallId callId, CancellationToken stop);

    Task<WorkerView> HangUpAsync(CallId callId, CancellationToken stop);

    /// <summary>The user's calls that are under way, or all of the domain; null when the worker is not reached.</summary>
    Task<IReadOnlyList<CallSnapshot>?> CallsOfAsync(string domain, string? user, CancellationToken stop);

    /// <summary>
    /// The same calls as they change, to be read once: first all that are under way. Null when the worker is not reached, or has too many
    /// that watch; ends, or fails with <see cref="IOException"/>, when the worker goes away.
    /// </summary>
    Task<IAsyncEnumerable<WatchMessage>?> WatchAsync(string domain, string? user, CancellationToken stop);

    /// <summary>A command to the user's side of a call, carried out once per command id.</summary>
    /// <param name="verb"><c>answer</c>, <c>hold</c>, <c>resume</c>, <c>mute</c> or <c>unmute</c>.</param>
    /// <returns>The call; or why the worker refuses (<see cref="WorkerProblemReasons"/>); or neither, when it is not reached.</returns>
    Task<(CallSnapshot? Call, string? Reason)> OrderAsync(CallId callId, string verb, string commandId, CancellationToken stop);

    /// <summary>False when the worker is not reached or not ready.</summary>
    Task<bool> IsReadyAsync(CancellationToken stop);
}
