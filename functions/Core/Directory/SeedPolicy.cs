using ClickToDial.Core.Guard;

namespace ClickToDial.Core.Directory;

/// <summary>Null members take the default, see <see cref="PolicyReader"/>.</summary>
/// <param name="Countries">Countries that may be called, such as DE, or * for all; where neither they nor <paramref name="Allow"/> are
/// given, those of the domain's own numbers.</param>
/// <param name="Hours">When numbers may be called, in the domain's time zone: <c>mon-fri 08:00-18:00</c>; always when absent.</param>
public sealed record SeedPolicy(
    IReadOnlyList<string>? Allow = null,
    IReadOnlyList<string>? Deny = null,
    int? CallsPerMinutePerUser = null,
    int? MaxCallSeconds = null,
    bool? RecordCalls = null,
    IReadOnlyList<string>? Countries = null,
    SeedLimits? Limits = null,
    IReadOnlyList<string>? Hours = null);
