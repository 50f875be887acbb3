using System.Net;
using ClickToDial.Core.Access;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Who may post events: to the URL without a name our own workers, whose token is good for all domains, and PBXes with a token for one
/// domain; to a named URL the PBX of that name. A wrong token is refused before anything else is looked at, and so that the time taken
/// does not tell which one was close.
/// </summary>
public sealed class PbxDoor
{
    private readonly TokenList _own;
    private readonly List<(string Domain, TokenList Tokens)> _bound;
    private readonly AddressRanges _allowed;
    private readonly Dictionary<string, Named> _named;

    public PbxDoor(WebhookOptions options)
    {
        _own = new TokenList(options.PbxTokens);
        _allowed = new AddressRanges(options.AllowFrom);
        _bound =
        [
            .. options.DomainTokens.Select(WebhookOptions.Split).GroupBy(t => t.Domain, t => t.Token, StringComparer.Ordinal)
                .Select(g => (g.Key, new TokenList(g))),
        ];
        _named = options.Sources.ToDictionary(s => s.Key, s => new Named(s.Value), StringComparer.Ordinal);
    }

    /// <param name="source">Name in the URL, or null.</param>
    /// <param name="from">Null when it cannot be told.</param>
    public Result<PbxVisitor> Admit(string? source, string? token, IPAddress? from)
    {
        if (source is null) return Admit(token, from);
        // An unknown name costs as much as a wrong token, and is told as one.
        var named = _named.GetValueOrDefault(source);
        var accepted = (named?.Tokens ?? _own).Accepts(token) && named is not null;
        if (!accepted) return KnownProblems.PbxTokenInvalid;
        return IsAllowed(named!.Allowed, from) ? new PbxVisitor(source, named.Domain, named.Keys) : KnownProblems.AddressNotAllowed;
    }

    private Result<PbxVisitor> Admit(string? token, IPAddress? from)
    {
        var isOwn = _own.Accepts(token);
        string? domain = null;
        foreach (var (name, tokens) in _bound)
            if (tokens.Accepts(token)) domain = name;
        if (!isOwn && domain is null) return KnownProblems.PbxTokenInvalid;
        return IsAllowed(_allowed, from) ? new PbxVisitor(null, isOwn ? null : domain, []) : KnownProblems.AddressNotAllowed;
    }

    private static bool IsAllowed(AddressRanges allowed, IPAddress? from) => allowed.IsEmpty || (from is not null && allowed.Contains(from));

    private sealed class Named(PbxSource source)
    {
        public string Domain { get; } = source.Domain;

        public TokenList Tokens { get; } = new(source.Tokens);

        public AddressRanges Allowed { get; } = new(source.AllowFrom);

        public IReadOnlyList<byte[]> Keys { get; } =
            [.. source.SigningSecrets.Select(s => StandardWebhook.TryReadSecret(s, out var key) ? key : throw new FormatException("A signing secret is not readable."))];
    }
}
