namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Another host runs the instance now, or it is gone.</summary>
internal sealed class OwnershipLostException(string instanceId) : Exception($"Another host has taken over instance '{instanceId}'.");
