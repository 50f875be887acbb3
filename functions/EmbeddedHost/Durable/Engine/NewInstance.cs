using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>An instance to be started.</summary>
/// <param name="Input">JSON, or null.</param>
internal sealed record NewInstance(string InstanceId, string Name, string? Input)
{
    public DateTimeOffset? StartAt { get; init; }

    public ParentLink? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Ended states in which an earlier instance of the same id must stay.</summary>
    public IReadOnlyCollection<OrchestrationRuntimeStatus> Keep { get; init; } = [];
}
