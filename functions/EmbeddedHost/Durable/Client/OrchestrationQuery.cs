namespace ClickToDial.EmbeddedHost.Durable.Client;

/// <summary>Which orchestrations to list; every part narrows the list. They come in the order of their ids.</summary>
/// <param name="TaskHubNames">Not used: this host has one task hub.</param>
/// <param name="PageSize">The most in one page; 1 to 1000.</param>
/// <param name="ContinuationToken">From the last page of an earlier query.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = default,
    DateTimeOffset? CreatedTo = default,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = 100,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null);
