namespace ClickToDial.Architecture;

public sealed class TestLayoutTests
{
    /// <summary>Composition only; what it composes is tested where it lives and end to end.</summary>
    private static readonly string[] WithoutMirror = ["worker/PromptMaker"];

    [Fact]
    public void Every_product_project_has_a_mirror_test_project()
    {
        var missing = Repository.Files
            .Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith("tests/", StringComparison.Ordinal))
            .Where(f => !WithoutMirror.Contains(Path.GetDirectoryName(f)))
            .Select(f => Path.GetFileNameWithoutExtension(f)["ClickToDial.".Length..])
            .Where(name => !Repository.Files.Contains($"tests/{name}.Tests/ClickToDial.{name}.Tests.csproj"));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_top_level_holds_only_the_known_folders()
    {
        string[] known = ["functions", "infra", "tests", "worker", "web", ".ci", ".dev"];
        var unknown = Repository.Files.Where(f => f.Contains('/', StringComparison.Ordinal)).Select(f => f.Split('/')[0]).Distinct().Except(known);
        Assert.Empty(unknown);
    }
}
