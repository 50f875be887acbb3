namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>A parameter could not be filled; the invocation fails as if its code had thrown.</summary>
internal sealed class BindingException(string message, Exception? inner = null) : Exception(message, inner);
