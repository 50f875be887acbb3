using System.Collections.Concurrent;
using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>An orchestrator that can be kept between its steps, and tells how often it was begun.</summary>
public static class KeptFunctions
{
    private static readonly ConcurrentDictionary<string, int> Begun = new();

    public static int BegunOf(string instance) => Begun.GetValueOrDefault(instance);

    [Function(nameof(Add))]
    public static int Add([ActivityTrigger] int number) => number + 1;

    /// <summary>Counts events named "more" by way of an activity, shows how many as its status, and ends with "enough".</summary>
    [Function(nameof(Count))]
    public static async Task<string> Count([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        Begun.AddOrUpdate(context.InstanceId, 1, static (_, times) => times + 1);
        var (count, ids) = (0, new List<Guid>());
        var enough = context.WaitForExternalEvent<string>("enough");
        while (true)
        {
            var more = context.WaitForExternalEvent<int>("more");
            if (await Task.WhenAny(more, enough) == enough) break;
            count = await context.CallActivityAsync<int>(nameof(Add), count) + await more - 1;
            ids.Add(context.NewGuid());
            context.SetCustomStatus(count);
        }
        return $"{count} {ids.Distinct().Count()} {await enough}";
    }

    /// <summary>Holds what lives as long as an invocation, so it cannot be kept.</summary>
    [Function(nameof(Bound))]
    public static async Task<string> Bound([OrchestrationTrigger] TaskOrchestrationContext context, FunctionContext function)
    {
        Begun.AddOrUpdate(context.InstanceId, 1, static (_, times) => times + 1);
        await context.CallActivityAsync<int>(nameof(Add), 1);
        return function.InvocationId;
    }

    /// <summary>Awaits what is not durable, once it has been kept.</summary>
    [Function(nameof(Strays))]
    public static async Task<int> Strays([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var number = await context.CallActivityAsync<int>(nameof(Add), 1);
        await Task.Delay(Timeout.Infinite);
        return number;
    }
}
