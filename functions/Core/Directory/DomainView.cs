using System.Collections.Frozen;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Directory;

/// <param name="Origins">Normalised, see <see cref="WebOrigin"/>.</param>
public sealed record DomainView(string Name, FrozenSet<string> Users, FrozenSet<string> Origins, DestinationPolicy Policy);
