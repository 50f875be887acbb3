namespace ClickToDial.Core.Directory;

/// <param name="UserName">SIP user name, unique in the domain.</param>
public sealed record SeedDevice(string UserName, string Password);
