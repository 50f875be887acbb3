namespace ClickToDial.App.Login;

/// <summary>Whose session a login token becomes.</summary>
/// <param name="Ends">When the login ends that it comes from; null when it is the login itself.</param>
/// <param name="TokenId">Of the session that asked for it, whose calls are counted on; null when it is the login itself.</param>
public sealed record LoginGrant(string Domain, string User, DateTimeOffset? Ends = null, string? TokenId = null);
