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
    private volatile Known _known;

    public PbxDoor(WebhookOptions options) => _known = new Known(options, before: null);

    /// <summary>
    /// Other tokens from now on. A source whose last signing secret was withdrawn has to sign still, and nobody can: that a secret was stolen
    /// must not open the door to those who have none. What a new instance cannot remember its settings say (<see cref="PbxSource.MustSign"/>).
    /// </summary>
    public void Replace(WebhookOptions now) => _known = new Known(now, _known);

    /// <param name="source">Name in the URL, or null.</param>
    /// <param name="from">Null when it cannot be told.</param>
    public Result<PbxVisitor> Admit(string? source, string? token, IPAddress? from)
    {
        var known = _known;
        if (source is null) return Admit(known, token, from);
        // An unknown name costs as much as a wrong token, and is told as one.
        var named = known.Named.GetValueOrDefault(source);
        var accepted = (named?.Tokens ?? known.Own).Accepts(token) && named is not null;
        if (!accepted) return KnownProblems.PbxTokenInvalid;
        return IsAllowed(named!.Allowed, from) ? new PbxVisitor(source, named.Domain, named.Keys) : KnownProblems.AddressNotAllowed;
    }

    private static Result<PbxVisitor> Admit(Known known, string? token, IPAddress? from)
    {
        var isOwn = known.Own.Accepts(token);
        string? domain = null;
        foreach (var (name, tokens) in known.Bound)
            if (tokens.Accepts(token)) domain = name;
        if (!isOwn && domain is null) return KnownProblems.PbxTokenInvalid;
        return IsAllowed(known.Allowed, from) ? new PbxVisitor(null, isOwn ? null : domain, SigningKeys: null) : KnownProblems.AddressNotAllowed;
    }

    private static bool IsAllowed(AddressRanges allowed, IPAddress? from) => allowed.IsEmpty || (from is not null && allowed.Contains(from));

    private sealed class Known(WebhookOptions options, Known? before)
    {
        public TokenList Own { get; } = new(options.PbxTokens);

        public AddressRanges Allowed { get; } = new(options.AllowFrom);

        public IReadOnlyList<(string Domain, TokenList Tokens)> Bound { get; } =
        [
            .. options.DomainTokens.Select(WebhookOptions.Split).GroupBy(t => t.Domain, t => t.Token, StringComparer.Ordinal)
                .Select(g => (g.Key, new TokenList(g))),
        ];

        public Dictionary<string, Named> Named { get; } = options.Sources.ToDictionary(
            s => s.Key, s => new Named(s.Value, before?.Named.GetValueOrDefault(s.Key)?.Keys is not null), StringComparer.Ordinal);
    }

    private sealed class Named(PbxSource source, bool hadToSign)
    {
        public string Domain { get; } = source.Domain;

        public TokenList Tokens { get; } = new(source.Tokens);

        public AddressRanges Allowed { get; } = new(source.AllowFrom);

        public IReadOnlyList<byte[]>? Keys { get; } = source.SigningSecrets.Count == 0 && !source.MustSign && !hadToSign ? null :
            [.. source.SigningSecrets.Select(s => StandardWebhook.TryReadSecret(s, out var key) ? key : throw new FormatException("A signing secret is not readable."))];
    }
}
