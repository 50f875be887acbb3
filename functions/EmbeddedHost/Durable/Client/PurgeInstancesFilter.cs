namespace ClickToDial.EmbeddedHost.Durable.Client;

/// <summary>Which ended orchestrations to remove.</summary>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);
