using System.Text.Json;

namespace ClickToDial.Architecture;

/// <summary>Packages from npm have licences that we take: MIT, BSD and its like, Apache-2.0, MPL-2.0.</summary>
public sealed class NodePackageTests
{
    private static readonly string[] Taken = ["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0"];

    /// <summary>What Azurite brings along, which the tests and the demo start as a program; it goes nowhere with the product.</summary>
    private static readonly string[] OfAzurite = ["fast-sha256", "graceful-fs", "sax", "uri-templates"];

    public static TheoryData<string> Locks() => [.. Repository.Files.Where(f => Path.GetFileName(f) == "package-lock.json")];

    [Theory]
    [MemberData(nameof(Locks))]
    public void Packages_of_npm_have_licences_that_we_take(string file)
    {
        using var json = JsonDocument.Parse(Repository.Read(file));
        var packages = json.RootElement.GetProperty("packages").EnumerateObject().Where(p => p.Name.Length > 0).ToList();

        Assert.NotEmpty(packages);
        Assert.DoesNotContain(packages.Select(p => (Name: p.Name.Split("node_modules/")[^1], Licence: Licence(p.Value))), p => !IsTaken(file, p.Name, p.Licence));
    }

    private static bool IsTaken(string file, string name, string licence) =>
        Taken.Contains(licence) || (file.StartsWith(".dev/tools/", StringComparison.Ordinal) && OfAzurite.Contains(name));

    private static string Licence(JsonElement package) => package.TryGetProperty("license", out var licence) ? licence.ToString() : "";
}
