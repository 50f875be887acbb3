using System.Text.Json;
using System.Text.Json.Serialization;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Contracts;

/// <summary>
/// The one way these records are written: camelCase, nulls left out, unknown members ignored on reading
/// (a newer part may say more than an older one knows).
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CallEvent))]
[JsonSerializable(typeof(OriginateCommand))]
[JsonSerializable(typeof(CallSnapshot))]
[JsonSerializable(typeof(WorkerFellows))]
[JsonSerializable(typeof(IReadOnlyList<CallSnapshot>))]
[JsonSerializable(typeof(WorkerProblem))]
[JsonSerializable(typeof(LegCommand))]
[JsonSerializable(typeof(TransferCommand))]
[JsonSerializable(typeof(DigitsCommand))]
[JsonSerializable(typeof(RecordingCommand))]
[JsonSerializable(typeof(AnnouncementCommand))]
[JsonSerializable(typeof(WatchMessage))]
[JsonSerializable(typeof(DirectorySnapshot))]
public sealed partial class ContractsJson : JsonSerializerContext;
