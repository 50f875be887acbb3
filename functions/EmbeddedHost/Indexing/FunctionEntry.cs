using System.Reflection;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Invocation;

namespace ClickToDial.EmbeddedHost.Indexing;

/// <summary>A function, its trigger and how its parameters are filled.</summary>
internal sealed record FunctionEntry(
    FunctionDefinition Definition,
    MethodInfo Method,
    TriggerKind Kind,
    Attribute Trigger,
    IReadOnlyList<ParameterBinder> Parameters)
{
    public string Name => Definition.Name;

    /// <summary>Why the function does not run on this host; null when it does.</summary>
    public string? DisabledReason { get; init; }
}
