using System.Text.RegularExpressions;

namespace ClickToDial.Architecture;

/// <summary>The source tree these tests read: the files git knows, so that build output and local state do not count.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Tracked files and new ones that are not ignored, relative to the root, with "/" between folders.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    public static IEnumerable<string> FilesIn(string folder, string ending) =>
        Files.Where(f => f.StartsWith(folder, StringComparison.Ordinal) && f.EndsWith(ending, StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    [GeneratedRegex("""<ProjectReference\s+Include="(?<path>[^"]+)""")]
    public static partial Regex ProjectReference();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Serverless.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Serverless.sln is not above the test's folder.");
    }

    private static List<string> ListFiles()
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.True(git.ExitCode == 0 && files.Length > 0, "git ls-files did not list the repository.");
        return [.. files.Where(f => File.Exists(Path.Combine(Root, f)))];
    }
}
