using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SessionBody))]
[JsonSerializable(typeof(CallBody))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(CallToNumberFields))]
[JsonSerializable(typeof(PbxEventBody))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(WebhookTestBody))]
[JsonSerializable(typeof(ReplayBody))]
public sealed partial class BodiesJson : JsonSerializerContext;
