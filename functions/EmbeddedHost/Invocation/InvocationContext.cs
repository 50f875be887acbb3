using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Indexing;

namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>One invocation, with what the host itself keeps about it.</summary>
internal sealed class InvocationContext(
    FunctionEntry function,
    string invocationId,
    IServiceProvider services,
    object triggerValue,
    IReadOnlyDictionary<string, object?> bindingData,
    CancellationToken cancel) : FunctionContext
{
    public FunctionEntry Function => function;

    /// <summary>What the trigger delivers: HttpContext, a received queue message, TimerInfo.</summary>
    public object TriggerValue => triggerValue;

    /// <summary>What the function returned.</summary>
    public object? Result { get; set; }

    /// <summary>What it threw instead.</summary>
    public Exception? Error { get; set; }

    public override BindingContext BindingContext { get; } = new Data(bindingData);

    public override CancellationToken CancellationToken => cancel;

    public override FunctionDefinition FunctionDefinition => function.Definition;

    public override string FunctionId => function.Definition.Id;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override string InvocationId => invocationId;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    private sealed class Data(IReadOnlyDictionary<string, object?> values) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => values;
    }
}
