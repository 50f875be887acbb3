using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Input and output of an instance, from its head or, when too long for it, from history.</summary>
internal static class Payloads
{
    public static string? Input(InstanceState state, IReadOnlyList<Turn> turns, IReadOnlyList<Message> inbox) =>
        state.InputElsewhere
            ? turns.SelectMany(t => t.Inputs).Concat(inbox.Select(m => m.Event)).OfType<ExecutionStarted>().FirstOrDefault()?.Input
            : state.Input;

    public static string? Output(InstanceState state, IReadOnlyList<Turn> turns) =>
        state.OutputElsewhere ? turns.SelectMany(t => t.Actions).OfType<ExecutionCompleted>().LastOrDefault()?.Output : state.Output;
}
