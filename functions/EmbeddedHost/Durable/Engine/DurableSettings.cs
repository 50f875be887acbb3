namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>host.json's extensions.durableTask as far as this host acts on it.</summary>
internal sealed record DurableSettings
{
    public const string DefaultHub = "DurableHub";

    /// <summary>Begins the names of the tables: 3 to 45 letters and digits, a letter first.</summary>
    public string HubName { get; init; } = DefaultHub;

    /// <summary>Activities that run at once in this process; 64 by default.</summary>
    public int MaxConcurrentActivities { get; init; } = 64;

    /// <summary>Orchestrators that wait stay in memory instead of running from their start at every step.</summary>
    public bool KeepsCode { get; init; }

    /// <summary>Without a step; 30 seconds by default.</summary>
    public TimeSpan KeepsCodeFor { get; init; } = TimeSpan.FromSeconds(30);
}
