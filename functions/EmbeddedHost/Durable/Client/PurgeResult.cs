namespace ClickToDial.EmbeddedHost.Durable.Client;

/// <summary>How many instances were removed.</summary>
public class PurgeResult(int count, bool? isComplete)
{
    public PurgeResult(int count)
        : this(count, isComplete: null)
    {
    }

    public int PurgedInstanceCount { get; } = count;

    /// <summary>Whether all that matched are gone; null when not known.</summary>
    public bool? IsComplete { get; } = isComplete;
}
