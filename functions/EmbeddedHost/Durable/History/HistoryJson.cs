using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ClickToDial.EmbeddedHost.Durable.History;

/// <summary>How history is written; payloads inside are texts that were written with the app's own options.</summary>
[JsonSerializable(typeof(Turn))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(OutgoingMessage))]
[JsonSerializable(typeof(TaskFailureDetails))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>), TypeInfoPropertyName = "Tags")]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    // Payloads are JSON within JSON: escaping every quote as \u0022 would double them. Nothing here reaches a browser.
    private static readonly Lazy<HistoryJson> Compact = new(() => new HistoryJson(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    }));

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Info<T>());

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize(json, Info<T>()) ?? throw new JsonException($"There is no {typeof(T).Name} in '{json}'.");

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Compact.Value.GetTypeInfo(typeof(T))!;
}
