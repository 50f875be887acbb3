using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Webhooks;

/// <summary>A PBX that posts to <c>/webhooks/pbx/{name}</c>.</summary>
public sealed class PbxSource
{
    /// <summary>The one domain that it may tell of.</summary>
    public string Domain { get; set; } = "";

    /// <summary>Accepted values of <c>X-Pbx-Token</c>, the current one and the previous one while it is changed. See <see cref="TokenList"/>.</summary>
    public IList<string> Tokens { get; } = [];

    /// <summary>Networks that it may post from, in CIDR notation; empty for all.</summary>
    public IList<string> AllowFrom { get; } = [];

    /// <summary>Keys of its signatures (Standard Webhooks), <c>whsec_</c> and base64; empty when it does not sign.</summary>
    public IList<string> SigningSecrets { get; } = [];

    /// <summary>Its posts must be signed also while it has no such key. Default false: then it has to sign as long as
    /// the instance lives that has had one, and no longer.</summary>
    public bool MustSign { get; set; }

    /// <summary>Every fault but that it has no tokens, with which nobody is let in.</summary>
    public IEnumerable<string> Faults(string name)
    {
        if (!DestinationName.IsUserName(name)) yield return $"Sources:{name} must be 1 to 64 letters, digits, - _ .";
        if (!DestinationName.IsDomain(Domain)) yield return $"Sources:{name}:Domain must be a lower-case host name";
        for (var i = 0; i < Tokens.Count; i++)
            if (!TokenList.IsValid(Tokens[i])) yield return $"Sources:{name}:Tokens:{i} must be sha256: with 64 hex digits, or at least 16 characters";
        for (var i = 0; i < AllowFrom.Count; i++)
            if (!AddressRanges.TryParse(AllowFrom[i], out _)) yield return $"Sources:{name}:AllowFrom:{i} must be a network such as 192.0.2.0/24 or 2001:db8::/32";
        for (var i = 0; i < SigningSecrets.Count; i++)
            if (!StandardWebhook.TryReadSecret(SigningSecrets[i], out _)) yield return $"Sources:{name}:SigningSecrets:{i} must be whsec_ and 24 to 64 bytes in base64";
    }
}
