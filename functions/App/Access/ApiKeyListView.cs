namespace ClickToDial.App.Access;

/// <summary>Answer of <c>GET /api/keys</c>.</summary>
public sealed record ApiKeyListView(IReadOnlyList<ApiKeyView> Keys);
