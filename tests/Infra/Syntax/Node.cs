using System.Text.Json.Serialization;

namespace ClickToDial.Infra.Syntax;

/// <summary>A node of the syntax tree, with the names of the tree-sitter grammar.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Text">Of leaves only.</param>
internal sealed record Node(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("line")] int Line,
    [property: JsonPropertyName("text")] string? Text = null,
    [property: JsonPropertyName("children")] IReadOnlyList<Node>? Children = null,
    [property: JsonPropertyName("existing")] bool Existing = false)
{
    public IReadOnlyList<Node> Parts => Children ?? [];

    public IEnumerable<Node> All => Parts.SelectMany(part => part.All).Prepend(this);

    /// <summary>A string without interpolation, or an identifier; null for anything else.</summary>
    public string? Literal => Type switch
    {
        "identifier" or "property_identifier" or "number" => Text,
        "string" when Parts.Count == 0 => "",
        "string" when Parts is [{ Type: "string_content" } only] => only.Text,
        _ => null,
    };

    /// <summary>The properties of an object, by name.</summary>
    public IEnumerable<(string Name, Node Value)> Properties => Parts
        .Where(part => part.Type == "object_property" && part.Parts.Count >= 2)
        .Select(part => (Name: part.Parts[0].Literal ?? "", Value: part.Parts[^1]));

    public Node? Property(string name) => Properties.FirstOrDefault(property => property.Name == name).Value;

    /// <summary>Every object that this value may be: both sides of a choice, the body of a loop or a condition.</summary>
    public IEnumerable<Node> Objects => Type switch
    {
        "object" => [this],
        "ternary_expression" => Parts.Skip(1).SelectMany(part => part.Objects),
        "if_statement" or "for_statement" => Parts[^1].Objects,
        "parenthesized_expression" => Parts.SelectMany(part => part.Objects),
        _ => [],
    };
}
