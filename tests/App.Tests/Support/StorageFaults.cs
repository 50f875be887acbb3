using System.Collections.Concurrent;
using Azure;
using ClickToDial.App.Adapters;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Tests.Support;

/// <summary>
/// Makes keeping events of a domain fail so often, as busy storage does, and lets something happen just before a row is replaced;
/// everything else goes to the real tables.
/// </summary>
public sealed class StorageFaults
{
    private readonly ConcurrentDictionary<string, int> _left = new();
    private readonly ConcurrentDictionary<string, Func<Task>> _before = new();

    public void Fail(string domain, int times) => _left[domain] = times;

    public int Left(string domain) => _left.GetValueOrDefault(domain);

    /// <summary>Once, for the next call of the domain that is changed: others get in between reading and writing.</summary>
    public void BeforeReplacing(string domain, Func<Task> happens) => _before[domain] = happens;

    public ICallStore Over(TableCallStore real) => new Store(real, this);

    private void MayFail(string domain)
    {
        if (Left(domain) == 0) return;
        _left.AddOrUpdate(domain, 0, (_, left) => left - 1);
        throw new RequestFailedException(503, "The server is busy.", "ServerBusy", innerException: null);
    }

    private sealed class Store(TableCallStore real, StorageFaults faults) : ICallStore
    {
        public Task<PlacedCall?> FindPlacedAsync(string domain, string mark, CancellationToken stop) => real.FindPlacedAsync(domain, mark, stop);

        public Task<bool> TryPlaceAsync(string mark, PlacedCall placed, CancellationToken stop) => real.TryPlaceAsync(mark, placed, stop);

        public Task MarkAcceptedAsync(string domain, string mark, CancellationToken stop) => real.MarkAcceptedAsync(domain, mark, stop);

        public Task<StoredCall?> FindAsync(string domain, CallId callId, CancellationToken stop) => real.FindAsync(domain, callId, stop);

        public Task<IReadOnlyList<CallRecord>> FindForeignAsync(string domain, string uniqueCallId, CancellationToken stop) =>
            real.FindForeignAsync(domain, uniqueCallId, stop);

        public Task<bool> TryAddAsync(CallRecord row, CancellationToken stop) => real.TryAddAsync(row, stop);

        public async Task<bool> TryReplaceAsync(StoredCall old, CallRecord row, CancellationToken stop)
        {
            if (faults._before.TryRemove(row.Domain, out var happens)) await happens();
            return await real.TryReplaceAsync(old, row, stop);
        }

        public Task<CallPage> ListAsync(CallQuery query, CancellationToken stop) => real.ListAsync(query, stop);

        public IAsyncEnumerable<CallId> OpenAsync(string domain, CancellationToken stop) => real.OpenAsync(domain, stop);

        public Task KeepEventAsync(CallEvent e, CancellationToken stop)
        {
            faults.MayFail(e.Call.Domain);
            return real.KeepEventAsync(e, stop);
        }

        public Task<IReadOnlyList<CallEvent>> EventsAsync(string domain, CallId callId, CancellationToken stop) => real.EventsAsync(domain, callId, stop);
    }
}
