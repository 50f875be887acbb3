using ClickToDial.Calls.Directory;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// The device that a browser is while it holds a token: one of its user's, without an account in the directory. Its name cannot be an
/// account's; two browsers of one user are told apart by their instance ids, like two phones under one account.
/// </summary>
internal static class BrowserDevice
{
    public const string Name = "~browser";

    public static bool Is(string? device) => device == Name;

    /// <summary>Null when the directory no longer has the user.</summary>
    public static DeviceOwner? Of(CallDirectory directory, string domain, string user) =>
        directory.FindUser(domain, user) is { } entry ? new DeviceOwner(domain, entry, new DeviceEntry(Name, "", "")) : null;
}
