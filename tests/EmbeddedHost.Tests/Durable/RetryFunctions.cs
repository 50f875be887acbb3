using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>An activity that fails for a while, and ways to bear it.</summary>
public sealed class RetryFunctions(Journal journal)
{
    [Function(nameof(Flaky))]
    public int Flaky([ActivityTrigger] int failures)
    {
        journal.Write("attempt");
        var attempt = journal.CountOf("attempt");
        return attempt > failures ? attempt : throw new InvalidOperationException($"attempt {attempt} fails");
    }

    [Function(nameof(NoRetry))]
    public static async Task<string> NoRetry([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync<int>(nameof(Flaky), 1);
            return "no failure";
        }
        catch (TaskFailedException e)
        {
            return $"{e.TaskName} #{e.TaskId}: {e.FailureDetails.ErrorMessage} {e.FailureDetails.IsCausedBy<InvalidOperationException>()}";
        }
    }

    /// <summary>Pauses of 1, 2, 4, 5 (the limit) seconds.</summary>
    [Function(nameof(BackOff))]
    public static Task<int> BackOff([OrchestrationTrigger] TaskOrchestrationContext context, int failures) => context.CallActivityAsync<int>(
        nameof(Flaky),
        failures,
        TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(5))));

    [Function(nameof(TimesOut))]
    public static Task<int> TimesOut([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>(
        nameof(Flaky),
        100,
        TaskOptions.FromRetryPolicy(new RetryPolicy(50, TimeSpan.FromSeconds(1), retryTimeout: TimeSpan.FromSeconds(2.5))));

    [Function(nameof(Hopeless))]
    public static Task<int> Hopeless([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>(
        nameof(Flaky),
        100,
        TaskOptions.FromRetryPolicy(new RetryPolicy(50, TimeSpan.FromSeconds(1))
        {
            HandleFailure = failure => !failure.ErrorMessage.Contains("attempt 2", StringComparison.Ordinal),
        }));

    [Function(nameof(ByHandler))]
    public static Task<int> ByHandler([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>(
        nameof(Flaky),
        2,
        TaskOptions.FromRetryHandler(async retry =>
        {
            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(retry.LastAttemptNumber), CancellationToken.None);
            return retry.TotalRetryTime < TimeSpan.FromMinutes(1);
        }));

    [Function(nameof(Child))]
    public static Task<int> Child([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>(nameof(Flaky), 1);

    [Function(nameof(ParentRetries))]
    public static Task<int> ParentRetries([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallSubOrchestratorAsync<int>(
        nameof(Child), TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1))));
}
