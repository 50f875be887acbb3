namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>What an activity trigger delivers.</summary>
/// <param name="Json">Null when the call has no input.</param>
internal sealed record ActivityInput(string? Json);
