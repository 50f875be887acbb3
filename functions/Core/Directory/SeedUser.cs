namespace ClickToDial.Core.Directory;

/// <param name="CallerId">E.164 number shown outside the domain.</param>
/// <param name="Numbers">E.164 numbers at which calls from trunks reach the user.</param>
/// <param name="ForwardTo">E.164 number that such calls go on to while no device is registered.</param>
/// <param name="LinkPassword">For dial links that carry a password or a hash of it, or ask for it; without one the user has no such links.</param>
public sealed record SeedUser(string Name, IReadOnlyList<SeedDevice> Devices, string? DisplayName = null, string? CallerId = null,
    IReadOnlyList<string>? Numbers = null, string? ForwardTo = null, string? LinkPassword = null);
