namespace ClickToDial.EmbeddedHost.Durable.Client;

/// <param name="Recursive">Also remove its sub-orchestrations.</param>
public record PurgeInstanceOptions(bool Recursive = false);
