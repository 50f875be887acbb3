namespace ClickToDial.Core.Directory;

/// <summary>The seed file as it is written: domains, users, devices, trunks and API keys of a machine. Secrets in it are plain.</summary>
public sealed record Seed(
    IReadOnlyList<SeedDomain> Domains,
    IReadOnlyList<SeedKey>? ApiKeys = null,
    IReadOnlyList<SeedTrunk>? Trunks = null);
