namespace ClickToDial.App.Webhooks;

/// <summary>Who posts an event.</summary>
/// <param name="Source">Name in the URL, or null.</param>
/// <param name="Domain">The only one it may tell of; null for all.</param>
/// <param name="SigningKeys">Its posts must be signed with one of them; null when they need not be.</param>
public sealed record PbxVisitor(string? Source, string? Domain, IReadOnlyList<byte[]>? SigningKeys);
