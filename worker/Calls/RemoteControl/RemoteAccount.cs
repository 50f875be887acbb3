namespace ClickToDial.Calls.RemoteControl;

/// <summary>A user of the domain, as pages are told of it.</summary>
/// <param name="Calls">Null where they may not be seen.</param>
internal sealed record RemoteAccount(string Name, string DisplayName, bool IsRegistered, IReadOnlyList<UserCall>? Calls);
