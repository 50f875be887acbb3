namespace ClickToDial.EmbeddedHost.Indexing;

/// <summary>All functions of the app in the order of their names, and everything wrong with them.</summary>
internal sealed record FunctionIndex(IReadOnlyList<FunctionEntry> Functions, IReadOnlyList<string> Errors)
{
    public IEnumerable<FunctionEntry> Enabled(TriggerKind kind) =>
        Functions.Where(f => f.Kind == kind && f.DisabledReason is null);
}
