namespace ClickToDial.TestKit.Baresip;

/// <summary>What baresip tells through its control socket.</summary>
/// <param name="Type">Such as CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED.</param>
/// <param name="Peer">URI of the other side, for events of calls.</param>
internal sealed record BaresipEvent(string Type, string? Peer, string? Parameter);
