using ClickToDial.Contracts.Directory;

namespace ClickToDial.Core.Directory;

/// <param name="Settings">As the worker gets them; the README of the functions has the table.</param>
/// <param name="Enabled">A trunk that is switched off stays in the directory but is not told to the worker.</param>
/// <param name="Srtp">Whether its media is protected; null for the worker's own default.</param>
public sealed record SeedTrunk(
    string Name,
    IReadOnlyList<string> Prefixes,
    string Address,
    string? UserName = null,
    string? Password = null,
    string? CallerId = null,
    IReadOnlyList<string>? Domains = null,
    bool Enabled = true,
    MediaProtection? Srtp = null,
    TrunkSettings? Settings = null);
