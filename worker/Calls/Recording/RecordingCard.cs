using System.Text.Json.Serialization;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Recording;

/// <summary>What stands on disk beside a recording, so that it can be told of after a crash.</summary>
/// <param name="Finished">The file is closed, and told of in an event of the call.</param>
internal sealed record RecordingCard(CallId CallId, string RecordingId, CallParties Call, DateTimeOffset StartedAt, bool Finished = false)
{
    public string Id => RecordingShelf.IdOf(CallId, RecordingId);
}

[JsonSerializable(typeof(RecordingCard))]
internal sealed partial class RecordingJson : JsonSerializerContext;
