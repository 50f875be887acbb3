namespace ClickToDial.EmbeddedHost.Durable;

/// <summary>What a retry handler knows.</summary>
/// <param name="LastAttemptNumber">Attempts made so far, from 1.</param>
/// <param name="TotalRetryTime">Since the first attempt, by the orchestration's clock.</param>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);
