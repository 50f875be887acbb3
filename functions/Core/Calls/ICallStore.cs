using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Core.Calls;

/// <summary>The call log. Every "Try" is false when somebody else was first; storage faults are exceptions.</summary>
public interface ICallStore
{
    Task<PlacedCall?> FindPlacedAsync(string domain, string mark, CancellationToken stop);

    /// <summary>Keeps the decision and the new call together, or neither.</summary>
    Task<bool> TryPlaceAsync(string mark, PlacedCall placed, CancellationToken stop);

    Task MarkAcceptedAsync(string domain, string mark, CancellationToken stop);

    Task<StoredCall?> FindAsync(string domain, CallId callId, CancellationToken stop);

    /// <summary>Calls that another PBX knows by that id: one for each user who took part.</summary>
    Task<IReadOnlyList<CallRecord>> FindForeignAsync(string domain, string uniqueCallId, CancellationToken stop);

    /// <summary>For calls that the API did not start.</summary>
    Task<bool> TryAddAsync(CallRecord row, CancellationToken stop);

    Task<bool> TryReplaceAsync(StoredCall old, CallRecord row, CancellationToken stop);

    Task<CallPage> ListAsync(CallQuery query, CancellationToken stop);

    /// <summary>Calls of the domain that have not ended.</summary>
    IAsyncEnumerable<CallId> OpenAsync(string domain, CancellationToken stop);

    /// <summary>Keeps the event once; again is no fault.</summary>
    Task KeepEventAsync(CallEvent e, CancellationToken stop);

    /// <summary>By sequence.</summary>
    Task<IReadOnlyList<CallEvent>> EventsAsync(string domain, CallId callId, CancellationToken stop);
}
