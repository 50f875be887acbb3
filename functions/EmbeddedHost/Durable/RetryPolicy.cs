namespace ClickToDial.EmbeddedHost.Durable;

/// <summary>Repeats a failed call after growing pauses. The pauses are durable timers of the orchestration.</summary>
public class RetryPolicy
{
    private readonly Func<TaskFailureDetails, bool> _handleFailure = static _ => true;

    /// <param name="maxNumberOfAttempts">All attempts together; at least 1.</param>
    /// <param name="firstRetryInterval">Pause before the second attempt; above zero.</param>
    /// <param name="backoffCoefficient">Each further pause is this much longer; at least 1.</param>
    /// <param name="maxRetryInterval">The longest pause; one hour by default, <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="retryTimeout">No attempt starts later than this after the first; no limit by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside the ranges above, or a limit is below the first pause.</exception>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1,
        TimeSpan? maxRetryInterval = default,
        TimeSpan? retryTimeout = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1);
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = AtLeast(maxRetryInterval ?? TimeSpan.FromHours(1), firstRetryInterval, nameof(maxRetryInterval));
        RetryTimeout = AtLeast(retryTimeout ?? Timeout.InfiniteTimeSpan, firstRetryInterval, nameof(retryTimeout));
    }

    public double BackoffCoefficient { get; }

    public TimeSpan FirstRetryInterval { get; }

    /// <summary>Says whether a failure may be retried; every failure may by default.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init => _handleFailure = value;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan MaxRetryInterval { get; }

    public TimeSpan RetryTimeout { get; }

    internal bool MayRetry(TaskFailureDetails failure) => _handleFailure(failure);

    private static TimeSpan AtLeast(TimeSpan value, TimeSpan least, string name) =>
        value == Timeout.InfiniteTimeSpan || value >= least
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"It must not be below the first interval, {least}.");
}
