using ClickToDial.Contracts.Calls;

namespace ClickToDial.App.Recordings;

/// <summary>A queue message: a recording that its worker holds until we have it.</summary>
public sealed record RecordingOrder(string Domain, CallId CallId, string User, DateTimeOffset EndedAt, RecordingSummary Recording)
{
    public const string QueueName = "recordings";
    public const string ContainerName = "recordings";

    /// <summary>What the hash leaves out, see <see cref="RecordingSummary"/>.</summary>
    public const int HeaderBytes = 44;

    /// <summary>The id of the recording among those of all calls, as the worker has it too.</summary>
    public string Id => $"{CallId.Value}.{Recording.RecordingId}";

    /// <summary>Ids are file names at the worker and row keys here: the worker's own alphabet, and nothing that leads elsewhere.</summary>
    public bool IsSound =>
        Recording is { Sha256.Length: 64, Bytes: > 0, RecordingId.Length: > 0 and <= 32, Location: { IsAbsoluteUri: false } location }
        && Recording.RecordingId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && location.OriginalString == $"control/recordings/{Id}";
}
