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

    /// <summary>Longest wait for the queue, in seconds: 1 to 30. Default 5.</summary>
    public int QueueTimeoutSeconds { get; set; } = 5;

    public IEnumerable<string> Faults()
    {
        if (PbxTokens.Count == 0) yield return "PbxTokens is empty";
        for (var i = 0; i < PbxTokens.Count; i++)
            if (!TokenList.IsValid(PbxTokens[i])) yield return $"PbxTokens:{i} must be sha256: with 64 hex digits, or at least 16 characters";
        for (var i = 0; i < DomainTokens.Count; i++)
            if (!DestinationName.IsDomain(Split(DomainTokens[i]).Domain) || !TokenList.IsValid(Split(DomainTokens[i]).Token))
                yield return $"DomainTokens:{i} must be domain=token, the token in the form of PbxTokens";
        if (QueueTimeoutSeconds is < 1 or > 30) yield return "QueueTimeoutSeconds must be 1 to 30";
    }

    /// <summary>Domain and token of an entry of <see cref="DomainTokens"/>.</summary>
    public static (string Domain, string Token) Split(string configured)
    {
        var end = configured.IndexOf('=', StringComparison.Ordinal);
        return end < 0 ? ("", "") : (configured[..end], configured[(end + 1)..]);
    }
}
