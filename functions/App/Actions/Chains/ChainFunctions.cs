using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <summary>The chain: decides only. Everything that has an effect, or may differ from run to run, is an activity.</summary>
public static class ChainFunctions
{
    [Function(nameof(RunChain))]
    public static Task<ChainEnd> RunChain([OrchestrationTrigger] TaskOrchestrationContext context, ChainStart input) => new ChainRun(context, input).RunAsync();
}
