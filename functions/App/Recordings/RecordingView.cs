namespace ClickToDial.App.Recordings;

/// <param name="Problem">Why it is not whole; left out when it is.</param>
public sealed record RecordingView(string Id, string Url, double Seconds, long Bytes, string Sha256, DateTimeOffset EndedAt, string? Problem = null)
{
    public static RecordingView Of(RecordingRow row) =>
        new(row.Id, $"/api/recordings/{row.Id}", row.Seconds, row.Bytes, row.Sha256, row.EndedAt, row.Problem);
}
