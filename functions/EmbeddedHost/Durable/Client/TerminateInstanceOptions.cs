namespace ClickToDial.EmbeddedHost.Durable.Client;

/// <param name="Output">Becomes the instance's output.</param>
/// <param name="Recursive">Also terminate its sub-orchestrations.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);
