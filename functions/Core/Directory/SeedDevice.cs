namespace ClickToDial.Core.Directory;

/// <param name="Name">SIP user name, unique in the domain.</param>
public sealed record SeedDevice(string Name, string Password);
