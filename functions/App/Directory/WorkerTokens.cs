using ClickToDial.Core.Access;

namespace ClickToDial.App.Directory;

/// <summary>The tokens that workers present.</summary>
public sealed class WorkerTokens(DirectoryOptions options)
{
    public TokenList Accepted { get; } = new(options.WorkerTokens);
}
