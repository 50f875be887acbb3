using System.Text.Json.Serialization;

namespace ClickToDial.App.PbxApi;

/// <summary>JSON of this API: names with underscores, and null where there is nothing.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PbxRowsReply<PbxUserCallRow>))]
[JsonSerializable(typeof(PbxRowsReply<PbxGroupCallRow>))]
[JsonSerializable(typeof(PbxErrorReply))]
[JsonSerializable(typeof(PbxCallReply))]
public sealed partial class PbxJson : JsonSerializerContext;
