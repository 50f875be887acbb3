namespace ClickToDial.Core.Links;

/// <summary>A signed right to make one call: what our own links carry, and the button of a page.</summary>
/// <param name="Destination">As the link has it; an alias stays one, so that no page learns what it stands for.</param>
/// <param name="Connect">The user is not asked to press 1.</param>
/// <param name="Nonce">Spent with the call; the same for every page of a link that may be used once.</param>
public sealed record LinkTicket(string Domain, string User, string Destination, bool Connect, DateTimeOffset Expires, string Nonce);
