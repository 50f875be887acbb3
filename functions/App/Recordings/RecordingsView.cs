namespace ClickToDial.App.Recordings;

public sealed record RecordingsView(IReadOnlyList<RecordingView> Recordings);
