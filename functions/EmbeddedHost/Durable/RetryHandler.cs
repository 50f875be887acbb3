namespace ClickToDial.EmbeddedHost.Durable;

/// <summary>Decides after a failure whether to try again. It is orchestrator code and is replayed like it.</summary>
public delegate bool RetryHandler(RetryContext retryContext);
