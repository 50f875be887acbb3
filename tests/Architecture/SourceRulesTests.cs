using System.Text.RegularExpressions;

namespace ClickToDial.Architecture;

/// <summary>Rules about source text that no analyzer knows.</summary>
public sealed partial class SourceRulesTests
{
    [Fact]
    public void Only_the_global_usings_of_the_app_name_the_function_hosts_namespaces()
    {
        var offenders = Repository.FilesIn("functions/App/", ".cs")
            .Where(f => !Path.GetFileName(f).StartsWith("GlobalUsings.", StringComparison.Ordinal))
            .Where(f => HostNamespace().IsMatch(Repository.Read(f)));
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_namespace_of_Microsofts_is_declared() =>
        Assert.DoesNotContain(CSharp(), f => MicrosoftNamespace().IsMatch(Repository.Read(f)));

    [Fact]
    public void Product_code_reads_the_clock_only_through_TimeProvider() =>
        Assert.DoesNotContain(Product(), f => Clock().IsMatch(Repository.Read(f)));

    [Fact]
    public void Settings_are_read_from_the_environment_only_while_hosting_starts() =>
        Assert.DoesNotContain(
            Product().Where(f => !f.Contains("/Hosting/", StringComparison.Ordinal)
                && !f.StartsWith("functions/EmbeddedHost/Runtime/", StringComparison.Ordinal)
                && !f.EndsWith("/Program.cs", StringComparison.Ordinal)),
            f => Repository.Read(f).Contains("Environment.GetEnvironmentVariable", StringComparison.Ordinal));

    [Fact]
    public void No_test_sleeps() =>
        Assert.DoesNotContain(
            Repository.FilesIn("tests/", ".cs").Where(f => f.Split('/')[1] is not ("Architecture" or "Benchmarks")),
            f => Repository.Read(f).Contains("Thread.Sleep(", StringComparison.Ordinal));

    [Fact]
    public void There_is_no_async_void() =>
        Assert.DoesNotContain(Product(), f => AsyncVoid().IsMatch(Repository.Read(f)));

    [Fact]
    public void Log_event_ids_are_unique_and_in_the_range_of_their_project()
    {
        var seen = new Dictionary<int, string>();
        foreach (var file in Product())
            foreach (Match match in LoggerMessage().Matches(Repository.Read(file)))
            {
                var id = int.Parse(match.Groups["id"].ValueSpan);
                Assert.True(seen.TryAdd(id, file), $"Event id {id} is used in {file} and in {seen.GetValueOrDefault(id)}.");
                var (first, last) = Range(file);
                Assert.True(id >= first && id <= last, $"Event id {id} in {file} is outside {first} to {last}.");
            }

        Assert.NotEmpty(seen);
    }

    [Fact]
    public void Package_versions_stand_in_one_place() =>
        Assert.DoesNotContain(
            Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)),
            f => VersionedReference().IsMatch(Repository.Read(f)));

    private static IEnumerable<string> CSharp() =>
        Repository.FilesIn("", ".cs").Where(f => !f.StartsWith("tests/Architecture/", StringComparison.Ordinal));

    private static IEnumerable<string> Product() =>
        Repository.FilesIn("functions/", ".cs").Concat(Repository.FilesIn("worker/", ".cs"));

    private static (int First, int Last) Range(string file) => file.Split('/') switch
    {
        ["functions", "App", ..] => (1000, 1499),
        ["functions", "EmbeddedHost", ..] => (1500, 1999),
        ["functions", "Core", ..] => (2000, 2999),
        ["worker", "Sip", ..] => (3000, 3999),
        ["worker", "Media", ..] => (4000, 4999),
        ["worker", "Calls", ..] => (5000, 5999),
        ["worker", "Host", ..] => (6000, 6999),
        _ => (0, -1),
    };

    [GeneratedRegex(@"^\s*(global\s+)?using\s+(static\s+)?Microsoft\.(Azure\.Functions|DurableTask)|Microsoft\.(Azure\.Functions|DurableTask)\.", RegexOptions.Multiline)]
    private static partial Regex HostNamespace();

    [GeneratedRegex(@"^\s*namespace\s+Microsoft\b", RegexOptions.Multiline)]
    private static partial Regex MicrosoftNamespace();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bStopwatch\.(GetTimestamp|StartNew)\b|\bEnvironment\.TickCount")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+)")]
    private static partial Regex LoggerMessage();

    [GeneratedRegex("""<PackageReference\s[^>]*\sVersion=""")]
    private static partial Regex VersionedReference();
}
