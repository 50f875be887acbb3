namespace ClickToDial.EmbeddedHost.Durable.Replay;

/// <summary>Repeats failed calls as part of the orchestration: every attempt and every pause is in history.</summary>
internal static class Retries
{
    public static Task<T> RunAsync<T>(TaskOrchestrationContext context, TaskRetryOptions? retry, Func<Task<T>> attempt) => retry switch
    {
        { Policy: { } policy } => RunAsync(context, policy, attempt),
        { Handler: { } handler } => RunAsync(context, handler, attempt),
        _ => attempt(),
    };

    private static async Task<T> RunAsync<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> attempt)
    {
        var began = context.CurrentUtcDateTime;
        for (var made = 1; ; made++)
        {
            TimeSpan pause;
            try
            {
                return await attempt();
            }
            catch (TaskFailedException e) when (MayRetry(context, policy, made, began, e.FailureDetails, out pause))
            {
            }
            await context.CreateTimer(pause, CancellationToken.None);
        }
    }

    private static async Task<T> RunAsync<T>(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<Task<T>> attempt)
    {
        var began = context.CurrentUtcDateTime;
        for (var made = 1; ; made++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException e)
            {
                var spent = context.CurrentUtcDateTime - began;
                if (!await handler(new RetryContext(context, made, e.FailureDetails, spent, CancellationToken.None))) throw;
            }
        }
    }

    private static bool MayRetry(
        TaskOrchestrationContext context, RetryPolicy policy, int made, DateTime began, TaskFailureDetails failure, out TimeSpan pause)
    {
        pause = Pause(policy, made);
        if (made >= policy.MaxNumberOfAttempts || !policy.MayRetry(failure)) return false;
        return policy.RetryTimeout == Timeout.InfiniteTimeSpan || context.CurrentUtcDateTime + pause <= began + policy.RetryTimeout;
    }

    /// <summary>first × coefficient^(attempts made − 1), not above the limit.</summary>
    private static TimeSpan Pause(RetryPolicy policy, int made)
    {
        var limit = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        var ticks = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, made - 1);
        return ticks >= limit.Ticks ? limit : TimeSpan.FromTicks((long)ticks);
    }
}
