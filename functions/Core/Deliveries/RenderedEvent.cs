namespace ClickToDial.Core.Deliveries;

/// <summary>An event as a subscriber gets it.</summary>
/// <param name="Body">JSON.</param>
public sealed record RenderedEvent(string Trigger, byte[] Body);
