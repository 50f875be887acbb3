namespace ClickToDial.Core.Calls;

/// <summary>A row as it was read, with the version that a replacement must still find.</summary>
public sealed record StoredCall(CallRecord Row, string Version);
