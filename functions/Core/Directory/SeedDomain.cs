using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Links;

namespace ClickToDial.Core.Directory;

/// <param name="Origins">Origins of web pages that may use the API from a browser, such as <c>https://crm.example.com</c>.</param>
/// <param name="TimeZone">Of the IANA database, such as <c>Australia/Sydney</c>: in which days are meant when calls are asked for. UTC when absent.</param>
/// <param name="Sounds">What its calls hear: hold music and language.</param>
/// <param name="Aliases">Words that pages may call, and the destination that each stands for; no page learns it.</param>
/// <param name="Links">Which dial links it takes.</param>
/// <param name="Hooks">A back end of its own that is asked what its browsers may do.</param>
public sealed record SeedDomain(
    string Name,
    IReadOnlyList<SeedUser> Users,
    IReadOnlyList<string>? Origins = null,
    SeedPolicy? Policy = null,
    string? TimeZone = null,
    DomainSounds? Sounds = null,
    IReadOnlyDictionary<string, string>? Aliases = null,
    DomainHooks? Hooks = null,
    LinkSettings? Links = null);
