using Azure.Bicep.Types.Az;
using Azure.Bicep.Types.Concrete;
using Azure.Bicep.Types.Index;
using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Types;

/// <summary>What Azure says its resources look like, from Microsoft's own type library.</summary>
internal sealed class AzureTypes
{
    private readonly AzTypeLoader _loader = new();
    private readonly Dictionary<string, Azure.Bicep.Types.CrossFileTypeReference> _index;

    public AzureTypes() => _index = new(_loader.LoadTypeIndex().Resources.ToDictionary(), StringComparer.OrdinalIgnoreCase);

    public bool Knows(string reference) => _index.ContainsKey(reference);

    /// <summary>The newest version of the type that is no preview.</summary>
    public string? NewestStable(string type) => _index.Keys
        .Where(key => key.StartsWith(type + "@", StringComparison.OrdinalIgnoreCase) && !key.EndsWith("-preview", StringComparison.Ordinal))
        .Select(key => key[(type.Length + 1)..])
        .Max(StringComparer.Ordinal);

    /// <summary>What is wrong with the body of a resource: unknown properties, missing ones, values outside of closed lists.</summary>
    public IEnumerable<string> Faults(Declared resource)
    {
        var body = _loader.LoadResourceType(_index[resource.Reference]).Body.Type;
        return resource.Bodies.SelectMany(node => Check(node, body, resource.Symbol, atTop: true));
    }

    private static IEnumerable<string> Check(Node node, TypeBase type, string path, bool atTop = false) => type switch
    {
        ObjectType known => node.Objects.SelectMany(o => CheckObject(o, known.Properties, known.AdditionalProperties?.Type, path, atTop)),
        DiscriminatedObjectType choice => node.Objects.SelectMany(o => CheckChoice(o, choice, path, atTop)),
        ArrayType list => Items(node).SelectMany((item, i) => Check(item, list.ItemType.Type, $"{path}[{i}]")),
        UnionType union when node is { Type: "string", Literal: { } said } && IsClosed(union) && !Values(union).Contains(said) =>
            [$"line {node.Line}: {path} is '{said}', which is none of {string.Join(", ", Values(union))}"],
        _ => [],
    };

    private static IEnumerable<string> CheckObject(
        Node node, IReadOnlyDictionary<string, ObjectTypeProperty> known, TypeBase? others, string path, bool atTop)
    {
        foreach (var (name, value) in node.Properties)
        {
            if (atTop && name is "parent" or "scope" or "dependsOn") continue;
            if (known.TryGetValue(name, out var property))
            {
                if (property.Flags.HasFlag(ObjectTypePropertyFlags.ReadOnly)) yield return $"line {value.Line}: {path}.{name} can only be read";
                foreach (var fault in Check(value, property.Type.Type, $"{path}.{name}")) yield return fault;
            }
            else if (others is null) yield return $"line {value.Line}: {path} has no property {name}";
            else
                foreach (var fault in Check(value, others, $"{path}.{name}")) yield return fault;
        }
        if (node.Parts.Any(part => part.Type != "object_property")) yield break; // A spread may bring the rest.
        var said = node.Properties.Select(property => property.Name).ToHashSet();
        foreach (var (name, property) in known)
            if (property.Flags.HasFlag(ObjectTypePropertyFlags.Required) && !said.Contains(name))
                yield return $"line {node.Line}: {path} lacks {name}";
    }

    private static IEnumerable<string> CheckChoice(Node node, DiscriminatedObjectType choice, string path, bool atTop)
    {
        var said = node.Property(choice.Discriminator)?.Literal;
        if (said is null || !choice.Elements.TryGetValue(said, out var element)) return [$"line {node.Line}: {path}.{choice.Discriminator} is '{said}'"];
        var known = choice.BaseProperties.Concat(((ObjectType)element.Type).Properties).DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value);
        return CheckObject(node, known, ((ObjectType)element.Type).AdditionalProperties?.Type, path, atTop);
    }

    private static IEnumerable<Node> Items(Node node) => node.Type switch
    {
        "array" => node.Parts,
        "for_statement" => [node.Parts[^1]],
        "ternary_expression" => node.Parts.Skip(1).SelectMany(Items),
        _ => [],
    };

    // A list that also allows any text is only a hint.
    private static bool IsClosed(UnionType union) => union.Elements.All(element => element.Type is StringLiteralType);

    private static IEnumerable<string> Values(UnionType union) => union.Elements.Select(element => element.Type).OfType<StringLiteralType>().Select(value => value.Value);
}
