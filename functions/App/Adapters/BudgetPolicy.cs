using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ClickToDial.App.Adapters;

/// <summary>Lets no attempt wait longer than its request still may, and makes none when nothing is left.</summary>
internal sealed class BudgetPolicy(TimeProvider time, TimeSpan timeout) : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (StorageBudget.Current is not { } budget)
        {
            await ProcessNextAsync(message, pipeline);
            return;
        }

        if (budget.Left == TimeSpan.Zero) throw new RequestFailedException(0, "The request has waited for storage long enough.");
        message.NetworkTimeout = budget.Left < timeout ? budget.Left : timeout;
        var began = time.GetTimestamp();
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        finally
        {
            budget.Spend(time.GetElapsedTime(began));
        }
    }

    // Nothing here calls storage synchronously.
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);
}
