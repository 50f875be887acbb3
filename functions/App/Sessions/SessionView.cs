namespace ClickToDial.App.Sessions;

/// <summary>Answer of <c>POST /api/sessions</c>.</summary>
/// <param name="Id">The token's <c>jti</c>.</param>
public sealed record SessionView(string Token, string TokenType, DateTimeOffset ExpiresAt, string Id);
