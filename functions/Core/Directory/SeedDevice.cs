using ClickToDial.Contracts.Directory;

namespace ClickToDial.Core.Directory;

/// <param name="UserName">SIP user name, unique in the domain.</param>
/// <param name="Srtp">Whether its media is protected; null for the worker's own default.</param>
public sealed record SeedDevice(string UserName, string Password, MediaProtection? Srtp = null);
