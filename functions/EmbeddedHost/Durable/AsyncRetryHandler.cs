namespace ClickToDial.EmbeddedHost.Durable;

/// <summary>As <see cref="RetryHandler"/>; it may await durable tasks, such as a timer for the pause.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
