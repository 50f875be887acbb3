using System.Text.Json.Serialization;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Recording;

/// <summary>What stands on disk beside a recording, so that it can be told of after a crash.</summary>
/// <param name="Closed">The file is whole and may be fetched.</param>
/// <param name="Told">The event that tells of it is on disk; until then the next start tells of it.</param>
internal sealed record RecordingCard(CallId CallId, string RecordingId, CallParties Call, DateTimeOffset StartedAt, bool Closed = false, bool Told = false)
{
    public string Id => RecordingShelf.IdOf(CallId, RecordingId);
}

[JsonSerializable(typeof(RecordingCard))]
internal sealed partial class RecordingJson : JsonSerializerContext;
