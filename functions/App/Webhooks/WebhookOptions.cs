using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;

namespace ClickToDial.App.Webhooks;

/// <summary>Who may post events, and how long a post may wait for the queue.</summary>
public sealed class WebhookOptions : ICheckedOptions
{
    public const string Section = "Webhooks";

    /// <summary>Accepted values of <c>X-Pbx-Token</c>: the current one, and the previous one while it is changed. See <see cref="TokenList"/>.</summary>
    public IList<string> PbxTokens { get; } = [];

    /// <summary>
    /// Tokens of PBXes that serve one domain and may tell of its calls only: <c>domain=token</c>, the token in the form of PbxTokens.
    /// </summary>
    public IList<string> DomainTokens { get; } = [];

    /// <summary>PBXes that post to URLs of their own, by name.</summary>
    public IDictionary<string, PbxSource> Sources { get; } = new Dictionary<string, PbxSource>(StringComparer.Ordinal);

    /// <summary>Networks that may post to the URL without a name, in CIDR notation; empty for all.</summary>
    public IList<string> AllowFrom { get; } = [];

    /// <summary>How long later steps of a call wait for a missing one before subscribers are told, in seconds: 1 to 3600. Default 30.</summary>
    public int GapSeconds { get; set; } = 30;

    /// <summary>
    /// Domain whose administrators also see and replay events set aside that belong to no known domain; empty for none.
    /// </summary>
    public string OperatorDomain { get; set; } = "";

    /// <summary>Longest wait for the queue, in seconds: 1 to 30. Default 5.</summary>
    public int QueueTimeoutSeconds { get; set; } = 5;

    public IEnumerable<string> Faults()
    {
        if (PbxTokens.Count == 0) yield return "PbxTokens is empty";
        foreach (var (name, _) in Sources.Where(s => s.Value.Tokens.Count == 0)) yield return $"Sources:{name}:Tokens is empty";
        foreach (var fault in FaultsWhileRunning()) yield return fault;
    }

    public IEnumerable<string> FaultsWhileRunning()
    {
        for (var i = 0; i < PbxTokens.Count; i++)
            if (!TokenList.IsValid(PbxTokens[i])) yield return $"PbxTokens:{i} must be sha256: with 64 hex digits, or at least 16 characters";
        for (var i = 0; i < DomainTokens.Count; i++)
            if (!DestinationName.IsDomain(Split(DomainTokens[i]).Domain) || !TokenList.IsValid(Split(DomainTokens[i]).Token))
                yield return $"DomainTokens:{i} must be domain=token, the token in the form of PbxTokens";
        foreach (var fault in Sources.SelectMany(s => s.Value.Faults(s.Key))) yield return fault;
        for (var i = 0; i < AllowFrom.Count; i++)
            if (!AddressRanges.TryParse(AllowFrom[i], out _)) yield return $"AllowFrom:{i} must be a network such as 192.0.2.0/24 or 2001:db8::/32";
        if (GapSeconds is < 1 or > 3600) yield return "GapSeconds must be 1 to 3600";
        if (OperatorDomain.Length > 0 && !DestinationName.IsDomain(OperatorDomain)) yield return "OperatorDomain must be a lower-case host name";
        if (QueueTimeoutSeconds is < 1 or > 30) yield return "QueueTimeoutSeconds must be 1 to 30";
    }

    /// <summary>Domain and token of an entry of <see cref="DomainTokens"/>.</summary>
    public static (string Domain, string Token) Split(string configured)
    {
        var end = configured.IndexOf('=', StringComparison.Ordinal);
        return end < 0 ? ("", "") : (configured[..end], configured[(end + 1)..]);
    }
}
