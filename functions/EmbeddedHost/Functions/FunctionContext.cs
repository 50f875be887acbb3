namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>One invocation of one function.</summary>
public abstract class FunctionContext
{
    public abstract BindingContext BindingContext { get; }

    /// <summary>Cancelled when the HTTP client goes away, and when the time to stop gracefully is over.</summary>
    public virtual CancellationToken CancellationToken { get; }

    public abstract FunctionDefinition FunctionDefinition { get; }

    public abstract string FunctionId { get; }

    /// <summary>The services of this invocation's own scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    public abstract string InvocationId { get; }

    public abstract IDictionary<object, object> Items { get; set; }
}
