using System.Collections.Frozen;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;

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
    /// <summary>Words that pages may call, and what they stand for.</summary>
    public FrozenDictionary<string, string> Aliases { get; init; } = FrozenDictionary<string, string>.Empty;


    /// <summary>In which the domain's days are meant.</summary>
    public TimeZoneInfo Zone => TimeZone ?? TimeZoneInfo.Utc;
}
