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
    /// <returns>The call as it is, or why there is none; an unreachable worker is a problem, not an exception.</returns>
    Task<Result<CallSnapshot>> OriginateAsync(CallId callId, OriginateCommand command, CancellationToken stop);

    Task<WorkerView> GetAsync(CallId callId, CancellationToken stop);

    Task<WorkerView> HangUpAsync(CallId callId, CancellationToken stop);

    /// <summary>False when the worker is not reached or not ready.</summary>
    Task<bool> IsReadyAsync(CancellationToken stop);
}
