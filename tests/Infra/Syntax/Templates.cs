using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClickToDial.Infra.Syntax;

/// <summary>All templates and parameter files of infra/, read once.</summary>
internal static class Templates
{
    private static readonly Lazy<IReadOnlyList<Template>> Read = new(ReadAll);

    public static string Root { get; } = FindRoot();

    public static string? WhyNot { get; } =
        Directory.Exists(Path.Combine(Root, ".local/tools/node_modules/tree-sitter-bicep")) ? null : "tree-sitter-bicep is not installed: ./dev test installs it";

    public static IReadOnlyList<Template> All => Read.Value;

    public static IEnumerable<Template> Bicep => All.Where(template => template.Path.EndsWith(".bicep", StringComparison.Ordinal));

    public static Template At(string path) => All.Single(template => template.Path == path);

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static Template[] ReadAll()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, "infra"), "*.bicep*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Syntax/model.mjs"), Path.Combine(Root, ".local/tools"), .. files])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        if (node.ExitCode != 0) throw new InvalidOperationException("The syntax of infra/ could not be read: see the output of node above.");
        return [.. JsonSerializer.Deserialize<Dictionary<string, Dump>>(output)!
            .Select(file => new Template(Path.GetRelativePath(Root, file.Key), file.Value.Errors, file.Value.Nodes))];
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Serverless.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Serverless.sln above the tests.");
        return folder;
    }

    private sealed record Dump([property: JsonPropertyName("errors")] IReadOnlyList<string> Errors, [property: JsonPropertyName("nodes")] IReadOnlyList<Node> Nodes);
}
