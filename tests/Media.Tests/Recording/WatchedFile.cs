namespace ClickToDial.Media.Tests.Recording;

/// <summary>A file that tells how much has been written to it.</summary>
internal sealed class WatchedFile(string path) : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private long _held;
    private long _wanted = long.MaxValue;

    public Task HoldsAsync(long octets)
    {
        lock (_gate)
        {
            _wanted = octets;
            if (_held >= octets) _reached.TrySetResult();
        }
        return _reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await base.WriteAsync(buffer, cancellationToken);
        lock (_gate)
        {
            _held = Math.Max(_held, Position);
            if (_held >= _wanted) _reached.TrySetResult();
        }
    }
}
