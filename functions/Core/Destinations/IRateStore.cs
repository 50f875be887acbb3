namespace ClickToDial.Core.Destinations;

/// <summary>Keeps a <see cref="RateWindow"/> per user, so that concurrent requests never exceed the limit.</summary>
public interface IRateStore
{
    /// <returns>Null when counted, else how long to wait.</returns>
    Task<TimeSpan?> CountAsync(string domain, string user, string mark, int limit, CancellationToken stop);
}
