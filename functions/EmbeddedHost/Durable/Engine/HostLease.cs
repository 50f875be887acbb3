using Azure;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>This host's proof that it is alive.</summary>
internal sealed class HostLease(DurableStorage storage, TimeSpan duration, TimeProvider time)
{
    private ETag? _etag;
    private DateTimeOffset _renewAt;

    public string HostId { get; private set; } = "";

    /// <summary>Takes the lease, or renews it when a third of it is gone; false when it was lost and a new one, under a new id, was taken.</summary>
    public async Task<bool> HoldAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (_etag is { } held)
        {
            if (now < _renewAt) return true;
            _etag = await storage.Hosts.RenewAsync(HostId, held, duration, cancel);
            _renewAt = now + (duration / 3);
            if (_etag is not null) return true;
        }
        var isFirst = HostId.Length == 0;
        var id = Guid.NewGuid().ToString("N");
        _etag = await storage.Hosts.AcquireAsync(id, duration, cancel);
        _renewAt = now + (duration / 3);
        HostId = id;
        return isFirst;
    }
}
