using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SessionBody))]
[JsonSerializable(typeof(CallBody))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(CallToNumberFields))]
[JsonSerializable(typeof(PbxEventBody))]
public sealed partial class BodiesJson : JsonSerializerContext;
