using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SessionBody))]
[JsonSerializable(typeof(CallBody))]
[JsonSerializable(typeof(LinkBody))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(CallToNumberFields))]
[JsonSerializable(typeof(PbxEventBody))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(WebhookTestBody))]
[JsonSerializable(typeof(ReplayBody))]
[JsonSerializable(typeof(ButtonBody))]
[JsonSerializable(typeof(FormBody))]
[JsonSerializable(typeof(ScriptBody))]
[JsonSerializable(typeof(PressBody))]
[JsonSerializable(typeof(SubmitBody))]
[JsonSerializable(typeof(AckBody))]
[JsonSerializable(typeof(SecretBody))]
[JsonSerializable(typeof(ScriptSettingsBody))]
[JsonSerializable(typeof(EntriesBody))]
public sealed partial class BodiesJson : JsonSerializerContext;
