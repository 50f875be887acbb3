namespace ClickToDial.Contracts.Calls;

/// <summary>What was recorded of a call: a stereo WAV file, the side the call begins with on the left.</summary>
/// <param name="RecordingId">Unique within the call.</param>
/// <param name="Location">Where the worker has it to be fetched from, relative to its control API; null when nothing is there.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Problem">Why it is not whole; null when it is.</param>
/// <param name="Sha256">
/// Of the sound, in lower-case hex: of the file after its header of 44 octets. So it can be made while the call is recorded.
/// </param>
public sealed record RecordingSummary(
    string RecordingId, Uri? Location = null, double? Seconds = null, long? Bytes = null, string? Problem = null,
    string? Sha256 = null);
