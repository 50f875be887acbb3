namespace ClickToDial.Core.Directory;

/// <param name="CallerId">E.164 number shown outside the domain.</param>
/// <param name="Numbers">E.164 numbers at which calls from trunks reach the user.</param>
/// <param name="ForwardTo">E.164 number that such calls go on to while no device is registered.</param>
public sealed record SeedUser(string Name, IReadOnlyList<SeedDevice> Devices, string? DisplayName = null, string? CallerId = null,
    IReadOnlyList<string>? Numbers = null, string? ForwardTo = null);
