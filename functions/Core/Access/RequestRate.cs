namespace ClickToDial.Core.Access;

/// <summary>How many requests a key made in its present window. A new window begins with the first request after the old one's end.</summary>
/// <param name="Began">When the window began.</param>
/// <param name="Count">Requests in it, refused ones left out.</param>
public readonly record struct RequestRate(DateTimeOffset Began, int Count)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Counts one more; <paramref name="allowed"/> is false, and nothing counted, when the window is full.</summary>
    public RequestRate Next(DateTimeOffset now, int limit, out bool allowed)
    {
        // A clock that was set back does not keep a window open for ever.
        var current = now - Began >= Window || now < Began ? new RequestRate(now, 0) : this;
        allowed = current.Count < limit;
        return allowed ? current with { Count = current.Count + 1 } : current;
    }

    /// <summary>Whole seconds until the window ends, at least 1.</summary>
    public int SecondsLeft(DateTimeOffset now) => Math.Max(1, (int)Math.Ceiling((Began + Window - now).TotalSeconds));
}
