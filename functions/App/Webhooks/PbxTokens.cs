using ClickToDial.Core.Access;

namespace ClickToDial.App.Webhooks;

/// <summary>The tokens that PBXes present: those of our own workers, good for all domains, and those of others, each for one domain.</summary>
public sealed class PbxTokens(WebhookOptions options)
{
    private readonly TokenList _own = new(options.PbxTokens);

    private readonly List<(string Domain, TokenList Tokens)> _bound =
    [
        .. options.DomainTokens.Select(WebhookOptions.Split).GroupBy(t => t.Domain, t => t.Token, StringComparer.Ordinal)
            .Select(g => (g.Key, new TokenList(g))),
    ];

    /// <summary>Looks at every token, so that the time taken does not tell which one was close.</summary>
    /// <param name="domain">The one the token is good for; null for all.</param>
    public bool Accepts(string? presented, out string? domain)
    {
        domain = null;
        var isOwn = _own.Accepts(presented);
        foreach (var (name, tokens) in _bound)
            if (tokens.Accepts(presented)) domain = name;
        if (!isOwn) return domain is not null;
        domain = null;
        return true;
    }
}
