namespace ClickToDial.App.Recordings;

/// <summary>A recording that lies in blob storage whole.</summary>
public sealed record RecordingRow(
    string Domain, string Id, string CallId, string User, DateTimeOffset EndedAt, double Seconds, long Bytes, string Sha256, string? Problem);
