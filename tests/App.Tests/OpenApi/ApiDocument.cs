using System.Text.Json;
using ClickToDial.App.OpenApi;

namespace ClickToDial.App.Tests.OpenApi;

/// <summary>The description of the API, as tests read it.</summary>
internal static class ApiDocument
{
    public static JsonElement Root { get; } = JsonElement.Parse(OpenApiDocument.Json);

    public static IEnumerable<Described> Each() =>
        from path in Root.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select new Described(method.Value.GetProperty("operationId").GetString()!, path.Name, method.Name, method.Value);

    public static JsonElement? Resolve(string reference)
    {
        JsonElement? found = Root;
        foreach (var part in reference.Split('/').Skip(1))
            found = found?.TryGetProperty(part, out var next) == true ? next : null;
        return found;
    }

    public sealed record Described(string Id, string Path, string Method, JsonElement Json);
}
