using System.Text.Json;
using System.Text.RegularExpressions;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Shipping;

/// <summary>What the last stage of one of our Dockerfiles says.</summary>
public sealed partial class Dockerfile
{
    private readonly List<(string Name, string Text)> _last;

    public Dockerfile(string path)
    {
        var lines = File.ReadAllText(Path.Combine(Product.RepositoryRoot, path)).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#'));
        var all = lines.Select(line => line.Split(' ', 2)).Select(parts => (Name: parts[0], Text: parts[1].Trim())).ToList();
        Bases = [.. all.Where(i => i.Name == "ARG" && i.Text.Contains(':', StringComparison.Ordinal)).Select(i => i.Text.Split('=', 2)[1])];
        _last = all[(all.FindLastIndex(i => i.Name == "FROM") + 1)..];
    }

    /// <summary>Images it starts from, with their tags.</summary>
    public IReadOnlyList<string> Bases { get; }

    /// <summary>Debian packages beyond the base image.</summary>
    public IReadOnlyList<string> Packages =>
        [.. Of("RUN").SelectMany(run => AptInstall().Matches(run)).SelectMany(m => m.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(word => word[0] != '-')];

    /// <summary>What is copied: the stage it is from, and the path, which is the same there.</summary>
    public IReadOnlyList<(string Stage, string Path)> Copies => [.. Of("COPY").Select(copy => Copy().Match(copy)).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    public IReadOnlyDictionary<string, string> Environment =>
        Of("ENV").SelectMany(env => env.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Numbers of user and group.</summary>
    public string User => Of("USER").Single();

    public string Folder => Of("WORKDIR").Single();

    public IReadOnlyList<string> Program => JsonSerializer.Deserialize<string[]>(Of("ENTRYPOINT").Single())!;

    public IReadOnlyList<string> HealthCheck => JsonSerializer.Deserialize<string[]>(Of("HEALTHCHECK").Single().Split("CMD", 2)[1])!;

    public IEnumerable<string> Of(string instruction) => _last.Where(i => i.Name == instruction).Select(i => i.Text);

    [GeneratedRegex("apt-get install ([^&|;]+)")]
    private static partial Regex AptInstall();

    [GeneratedRegex(@"^--from=(\w+) (\S+) \2$")]
    private static partial Regex Copy();
}
