namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>Binds the parameter, a <c>DurableTaskClient</c>, to the client of this host's one task hub.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : Attribute
{
    /// <summary>Not used: there is one connection. So for the task hub.</summary>
    public string? ConnectionName { get; set; }

    public string? TaskHub { get; set; }
}
