namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>The app cannot start; the message lists every reason found, one per line.</summary>
public sealed class EmbeddedHostException(IReadOnlyList<string> errors)
    : InvalidOperationException("The function app cannot start:" + string.Concat(errors.Select(e => Environment.NewLine + "- " + e)))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
