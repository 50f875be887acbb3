using System.Text.Json;

namespace ClickToDial.EndToEnd.Telemetry;

/// <summary>A span as the parts write it.</summary>
public sealed record Span(string Trace, string Id, string? Parent, string Part, string Name, IReadOnlyDictionary<string, string?> Tags)
{
    public static Span Read(string line)
    {
        var json = JsonElement.Parse(line);
        return new Span(
            json.GetProperty("trace").GetString()!, json.GetProperty("span").GetString()!,
            json.TryGetProperty("parent", out var parent) ? parent.GetString() : null,
            json.GetProperty("part").GetString()!, json.GetProperty("name").GetString()!,
            json.GetProperty("tags").EnumerateObject().ToDictionary(tag => tag.Name, tag => tag.Value.GetString()));
    }
}
