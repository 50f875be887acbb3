namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>Makes the value of one parameter; throws <see cref="BindingException"/> when what came does not fit.</summary>
internal delegate ValueTask<object?> ParameterBinder(InvocationContext context);
