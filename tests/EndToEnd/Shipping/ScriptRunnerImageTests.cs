using System.Globalization;
using System.Text.Json.Nodes;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Shipping;

/// <summary>The script runner from what its image holds.</summary>
[Trait("row", "D6")]
public sealed class ScriptRunnerImageTests : IDisposable
{
    private const string Token = "a-token-that-the-test-shows-the-runner";
    private const long MostBytes = 250_000_000;
    private const long BaseBytes = 80_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("image-test-").FullName;
    private readonly PortBlock _ports = PortBlock.Take();

    [Fact(DisplayName = "D6: the script runner's image holds what it needs, and nothing to fetch more with")]
    public async Task The_script_runner_runs_from_its_image()
    {
        var root = Root();
        Assert.Empty(root.Unresolved());
        var port = _ports.Next();
        var settings = new Dictionary<string, string?>
        {
            ["SCRIPT_RUNNER_TOKENS"] = Token,
            ["SCRIPT_RUNNER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["SCRIPT_RUNNER_THREADS"] = "1",
        };
        var options = root.Program(new ChildProcessOptions("script runner", "", [], _folder, settings, Path.Combine(_folder, "log")), state: null);
        var url = new Uri($"http://127.0.0.1:{port}");
        await using var runner = new SuitePart(options, new Uri(url, "/healthz"));
        await runner.StartAsync();
        Assert.Equal(0, root.CheckHealth(runner.Process.Id, new Dictionary<string, string> { ["SCRIPT_RUNNER_PORT"] = settings["SCRIPT_RUNNER_PORT"]! }));

        using var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        using var answer = await http.PostAsync("/v1/runs", new StringContent("""{"source":"function main() { return 6 * 7 }","seed":"s","now":0}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        Assert.Equal(42, (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["result"]!);
        Assert.True(root.Added + BaseBytes < MostBytes, $"The image adds {root.Added:N0} bytes to its base.");
        Assert.Equal(0, await runner.Process.TerminateAsync());
    }

    public void Dispose()
    {
        _ports.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ImageRoot Root()
    {
        Assert.SkipWhen(ImageRoot.WhyNot is not null, ImageRoot.WhyNot ?? "");
        Assert.SkipUnless(Tool.Node.IsInstalled, Tool.Node.Missing);
        var source = Path.Combine(Product.RepositoryRoot, "worker/ScriptRunner");
        Assert.SkipUnless(Directory.Exists(Path.Combine(source, "node_modules")), "The script runner's packages are not here: ./dev test fetches them.");
        var app = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        foreach (var path in (string[])["package.json", "src", .. Bill.Locked(source)])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(app, path))!);
            Assert.Equal(0, ImageRoot.Run("cp", ["-a", Path.Combine(source, path), Path.Combine(app, path)]).Code);
        }
        var root = new ImageRoot(new Dockerfile("worker/ScriptRunner/Dockerfile"), Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName);
        var lacking = root.Build(new Dictionary<string, Func<string, string>> { ["build"] = path => path == "/app" ? app : Tool.Node.Path! });
        Assert.SkipWhen(lacking is not null, lacking ?? "");
        return root;
    }
}
