using System.Text.Json.Nodes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Shipping;

/// <summary>A bill of materials as <c>infra/scripts/deploy</c> makes it.</summary>
public sealed class Bill
{
    private readonly JsonArray _components;

    private Bill(JsonObject bill)
    {
        Json = bill;
        _components = bill["components"]!.AsArray();
    }

    public JsonObject Json { get; }

    public IReadOnlyList<string> Names => [.. _components.Select(c => (string)c!["name"]!)];

    public IReadOnlyList<string> Purls => [.. _components.Select(c => (string?)c!["purl"]).OfType<string>()];

    public static Bill Of(params IReadOnlyList<string> arguments)
    {
        var script = Path.Combine(Product.RepositoryRoot, "infra/scripts/sbom.mjs");
        var (code, output) = ImageRoot.Run("node", [script, "--version", "1.2.3", .. arguments]);
        Assert.True(code == 0, output);
        return new Bill(JsonNode.Parse(output)!.AsObject());
    }

    /// <summary>Folders of the packages of npm that are needed at run time.</summary>
    public static IReadOnlyList<string> Locked(string project) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(project, "package-lock.json")))!["packages"]!.AsObject()
            .Where(p => p.Key.Length > 0 && p.Value!["dev"] is null).Select(p => p.Key)];
}
