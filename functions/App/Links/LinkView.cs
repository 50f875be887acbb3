namespace ClickToDial.App.Links;

/// <summary>Answer of <c>POST /api/links</c>.</summary>
/// <param name="Url">Without a host where <c>Links:BaseUrl</c> is not set.</param>
public sealed record LinkView(string Url, DateTimeOffset ExpiresAt);
