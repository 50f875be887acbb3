namespace ClickToDial.App.Tests.OpenApi;

/// <summary>A request and the status it is answered with.</summary>
/// <param name="Path">What stands in braces is made first: <c>{call}</c> is the id of a call, and so on.</param>
internal sealed record Drive(string Path, int Status, string? Body = null)
{
    /// <summary>Null for the operation's own.</summary>
    public string? Method { get; init; }

    /// <summary>No such path or method is described: the host answers.</summary>
    public bool IsElsewhere => Method is not null || Path.EndsWith("/x", StringComparison.Ordinal) || Path.EndsWith(".txt", StringComparison.Ordinal);
}
