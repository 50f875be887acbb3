namespace ClickToDial.EmbeddedHost.Durable.Replay;

/// <summary>The code does not do what history says it did, or does what cannot be replayed.</summary>
internal sealed class NonDeterministicOrchestrationException(string message) : Exception(message);
