namespace ClickToDial.Architecture;

/// <summary>The arrows between the projects. A new arrow is a design decision: it is made here first.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["functions/Contracts"] = [],
        ["functions/Core"] = ["functions/Contracts"],
        ["functions/App"] = ["functions/Core", "functions/Contracts", "functions/EmbeddedHost"],
        ["functions/EmbeddedHost"] = [],
        ["worker/Sip"] = [],
        ["worker/Media"] = [],
        ["worker/Calls"] = ["worker/Sip", "worker/Media", "functions/Contracts"],
        ["worker/Host"] = ["worker/Calls"],
        ["worker/PromptMaker"] = ["worker/Media"],
    };

    public static TheoryData<string> ProductProjects() =>
        [.. Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith("tests/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void A_product_project_references_only_what_the_layout_allows(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        Assert.True(Allowed.TryGetValue(folder, out var allowed), $"{project} is in no known folder: add it to the layout first.");
        var forbidden = References(project).Except(allowed!).ToList();
        Assert.True(forbidden.Count == 0, $"{folder} must not reference {string.Join(", ", forbidden)}.");
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("Serverless.sln").Replace('\\', '/');
        Assert.DoesNotContain(Repository.Files, f => f.EndsWith(".csproj", StringComparison.Ordinal) && !solution.Contains(f, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_file_is_named_in_full()
    {
        Assert.DoesNotContain(
            Repository.Files,
            f => f.EndsWith(".csproj", StringComparison.Ordinal) && !Path.GetFileName(f).StartsWith("ClickToDial.", StringComparison.Ordinal));
    }

    private static IEnumerable<string> References(string project) =>
        Repository.ProjectReference().Matches(Repository.Read(project))
            .Select(m => Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, m.Groups["path"].Value.Replace('\\', '/')))
            .Select(p => Path.GetDirectoryName(Path.GetRelativePath(Repository.Root, Path.GetFullPath(p)))!.Replace('\\', '/'));
}
