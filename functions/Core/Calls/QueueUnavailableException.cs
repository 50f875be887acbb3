namespace ClickToDial.Core.Calls;

/// <summary>The event queue could not be reached within the deadline.</summary>
public sealed class QueueUnavailableException(Exception inner) : Exception("The event queue cannot be reached.", inner);
