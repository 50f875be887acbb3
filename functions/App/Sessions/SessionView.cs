namespace ClickToDial.App.Sessions;

/// <summary>Answer of <c>POST /api/sessions</c>.</summary>
/// <param name="Id">The token's <c>jti</c>.</param>
/// <param name="Turn">For browsers that cannot reach the worker directly; null where the operator runs no TURN server.</param>
public sealed record SessionView(string Token, string TokenType, DateTimeOffset ExpiresAt, string Id, TurnView? Turn = null);
