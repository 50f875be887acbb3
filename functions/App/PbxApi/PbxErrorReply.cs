namespace ClickToDial.App.PbxApi;

/// <summary>The envelope of a refusal.</summary>
/// <param name="Reason">The stable slug that our own API gives.</param>
/// <param name="Field">The parameter at fault, or null.</param>
public sealed record PbxErrorReply(string Status, string Message, int Code, string Reason, string? Field, IReadOnlyList<string> Data);
