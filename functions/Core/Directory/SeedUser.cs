namespace ClickToDial.Core.Directory;

/// <param name="CallerId">E.164 number shown outside the domain.</param>
public sealed record SeedUser(string Name, IReadOnlyList<SeedDevice> Devices, string? DisplayName = null, string? CallerId = null);
