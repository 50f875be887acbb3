namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>How an invocation ended.</summary>
internal enum InvocationOutcome
{
    Succeeded,
    Failed,
    Cancelled,
}
