using System.Collections.Frozen;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Links;

namespace ClickToDial.Core.Directory;

/// <param name="Users">Names of the users, each with the caller id of its own or null.</param>
/// <param name="Origins">Normalised, see <see cref="WebOrigin"/>.</param>
public sealed record DomainView(
    string Name,
    FrozenDictionary<string, string?> Users,
    FrozenSet<string> Origins,
    DestinationPolicy Policy,
    TimeZoneInfo? TimeZone = null)
{
    public LinkSettings Links { get; init; } = LinkSettings.Default;

    /// <summary>Passwords of users who may use dial links, in plain: others make hashes of them.</summary>
    public FrozenDictionary<string, string> LinkPasswords { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Words that pages may call, and what they stand for.</summary>
    public FrozenDictionary<string, string> Aliases { get; init; } = FrozenDictionary<string, string>.Empty;


    /// <summary>In which the domain's days are meant.</summary>
    public TimeZoneInfo Zone => TimeZone ?? TimeZoneInfo.Utc;
}
