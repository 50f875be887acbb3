namespace ClickToDial.App.Webhooks;

/// <summary>A queue message that was set aside.</summary>
/// <param name="Domain">Null when it belongs to no known one.</param>
/// <param name="Reason">Why, as a slug.</param>
/// <param name="Message">As the queue had it.</param>
public sealed record PoisonedEvent(string Id, string? Domain, DateTimeOffset At, string Reason, string Message);
