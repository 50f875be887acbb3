namespace ClickToDial.App.Webhooks;

/// <summary>Answer of <c>GET /api/webhooks/poison</c>, newest first.</summary>
/// <param name="Next">Cursor of the next page; absent on the last.</param>
public sealed record PoisonPageView(IReadOnlyList<PoisonView> Events, string? Next);
