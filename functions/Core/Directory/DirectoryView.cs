using System.Collections.Frozen;
using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Access;

namespace ClickToDial.Core.Directory;

/// <summary>Everything the functions know of domains, as of one version.</summary>
/// <param name="Version">Changes when anything in the directory does.</param>
public sealed record DirectoryView(
    string Version,
    FrozenDictionary<string, DomainView> Domains,
    FrozenDictionary<string, ApiKeyRecord> Keys,
    DirectorySnapshot Snapshot)
{
    /// <summary>Origins that any domain names, for preflights, which carry no credentials.</summary>
    public FrozenSet<string> AllOrigins { get; } = Domains.Values.SelectMany(d => d.Origins).ToFrozenSet(StringComparer.Ordinal);
}
