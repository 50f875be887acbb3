using System.Collections.Immutable;

namespace ClickToDial.EmbeddedHost.Durable;

/// <summary>How a new orchestration starts.</summary>
public record StartOrchestrationOptions
{
    /// <param name="InstanceId">The id; a random one when null. 1 to 256 characters, not starting with "@".</param>
    /// <param name="StartAt">Not before this time; at once when null.</param>
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = default)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (InstanceId, StartAt, Tags, DedupeStatuses) = (options.InstanceId, options.StartAt, options.Tags, options.DedupeStatuses);
    }

    /// <summary>Names of <see cref="Client.OrchestrationRuntimeStatus"/> in which an instance of the same id is in the way, besides those that have not ended.</summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }

    public string? InstanceId { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;
}
