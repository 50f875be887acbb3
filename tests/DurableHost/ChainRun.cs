using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Durable.Client;

namespace ClickToDial.DurableHost;

/// <summary>Starts the chains that are not there yet and waits until all have ended.</summary>
internal static class ChainRun
{
    private static readonly string[] EveryEnd =
        [nameof(OrchestrationRuntimeStatus.Completed), nameof(OrchestrationRuntimeStatus.Failed), nameof(OrchestrationRuntimeStatus.Terminated)];

    public static async Task ToTheEndAsync(DurableTaskClient client, int chains)
    {
        var ids = Enumerable.Range(0, chains).Select(i => $"chain-{i}").ToList();
        await Parallel.ForEachAsync(ids, async (id, _) => await StartAsync(client, id));
        foreach (var id in ids)
        {
            var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            Console.WriteLine($"ended {id} {end.RuntimeStatus} {end.SerializedOutput} {end.FailureDetails}");
        }
        Console.WriteLine("all ended");
    }

    private static async Task StartAsync(DurableTaskClient client, string id)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(ChainFunctions.Chain), new ChainInput(0, ""), new StartOrchestrationOptions(id) { DedupeStatuses = EveryEnd });
        }
        catch (InvalidOperationException)
        {
            // An earlier life of this process started it.
        }
    }
}
