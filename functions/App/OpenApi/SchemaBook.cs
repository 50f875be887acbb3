using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using ClickToDial.App.Hosting;
using ClickToDial.App.PbxApi;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.App.OpenApi;

/// <summary>Schemas of the types that operations take and give, made from how they are written.</summary>
public sealed class SchemaBook
{
    private static readonly JsonSerializerOptions[] Writers =
    [
        // Numbers are written as numbers, whatever may be read.
        .. new[] { AppJson.Default.Options, PbxJson.Default.Options, BodiesJson.Default.Options, Contracts.ContractsJson.Default.Options }
            .Select(o => new JsonSerializerOptions(o) { NumberHandling = JsonNumberHandling.Strict }),
    ];

    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) =>
        {
            if (context.TypeInfo.Type == typeof(CallId)) return new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9_-]{1,64}$" };
            // Readers of schemas ask for the items of every list, also where they may be anything.
            if (context.TypeInfo.Type == typeof(JsonArray)) node["items"] ??= new JsonObject();
            return node;
        },
    };

    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);

    /// <returns>A reference to the type's schema.</returns>
    public JsonObject Refer(Type type)
    {
        var name = NameOf(type);
        if (!_schemas.ContainsKey(name)) _schemas[name] = Export(type);
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    public JsonObject Write() => new(_schemas.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)));

    private static JsonNode Export(Type type)
    {
        var writer = Array.Find(Writers, o => o.TypeInfoResolver?.GetTypeInfo(type, o) is not null)
            ?? throw new InvalidOperationException($"{type.Name} is written by no context.");
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(writer, type, Options);
        Anchor(schema, $"#/components/schemas/{NameOf(type)}");
        return schema;
    }

    /// <summary>References within a schema begin where the schema stands.</summary>
    private static void Anchor(JsonNode? node, string place)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"]?.GetValue<string>() is ['#', .. var rest]) members["$ref"] = place + rest;
                foreach (var (_, member) in members) Anchor(member, place);
                break;
            case JsonArray items:
                foreach (var item in items) Anchor(item, place);
                break;
        }
    }

    private static string NameOf(Type type) =>
        type.IsGenericType ? type.Name.Split('`')[0] + string.Concat(type.GetGenericArguments().Select(a => a.Name)) : type.Name;
}
