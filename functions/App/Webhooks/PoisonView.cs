namespace ClickToDial.App.Webhooks;

/// <summary>An event set aside, as the API shows it.</summary>
/// <param name="Reason">Why it could not be processed.</param>
/// <param name="Sender">Name of the source it was posted to.</param>
/// <param name="Body">What was posted, cut after 4000 characters; absent when it lies in a blob.</param>
public sealed record PoisonView(string Id, DateTimeOffset ReceivedAt, string Reason, string? Domain, string? Sender, string? Trigger, string? Body);
