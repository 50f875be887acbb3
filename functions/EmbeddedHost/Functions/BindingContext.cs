namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>What the trigger knew about the invocation, by name (any case): route values, query values, queue metadata.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
