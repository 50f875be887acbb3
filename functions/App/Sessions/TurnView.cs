namespace ClickToDial.App.Sessions;

/// <summary>An entry for <c>iceServers</c> of a browser's peer connection, and until when it is good.</summary>
public sealed record TurnView(IReadOnlyList<string> Urls, string Username, string Credential, DateTimeOffset ExpiresAt);
