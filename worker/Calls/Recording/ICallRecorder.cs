using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Recording;

/// <summary>The two ends of a call as they are now. An end is null at a side without sound of its own: a test number.</summary>
internal readonly record struct RecordedEnds(AudioEnd? First, AudioEnd? Second);

/// <summary>Records calls, both sides. Called from call loops; must not wait for the disk longer than a call can wait.</summary>
internal interface ICallRecorder
{
    /// <summary>Begins a recording under an id that is unique within the call.</summary>
    /// <returns>Null when this worker does not record, or cannot now.</returns>
    ValueTask<ICallRecording?> StartAsync(CallId call, string recordingId, CallParties parties, RecordedEnds ends);
}

/// <summary>A recording under way.</summary>
internal interface ICallRecording
{
    string Id { get; }

    /// <summary>From now on these are the ends: somebody took another's place, or left.</summary>
    void Follow(RecordedEnds ends);

    /// <summary>Ends it and closes the file; again returns the same.</summary>
    ValueTask<RecordingSummary> StopAsync();

    /// <summary>The event with the summary is on disk: nobody needs to tell of it again.</summary>
    void Told();
}

/// <summary>A worker that was not given a place to record to.</summary>
internal sealed class NoRecorder : ICallRecorder
{
    public static NoRecorder Instance { get; } = new();

    public ValueTask<ICallRecording?> StartAsync(CallId call, string recordingId, CallParties parties, RecordedEnds ends) => new((ICallRecording?)null);
}
