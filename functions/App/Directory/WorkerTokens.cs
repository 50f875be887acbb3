using ClickToDial.Core.Access;

namespace ClickToDial.App.Directory;

/// <summary>The tokens that workers present.</summary>
public sealed class WorkerTokens(DirectoryOptions options)
{
    private volatile TokenList _accepted = new(options.WorkerTokens);

    public TokenList Accepted => _accepted;

    /// <summary>Others from now on.</summary>
    public void Replace(DirectoryOptions now) => _accepted = new TokenList(now.WorkerTokens);
}
