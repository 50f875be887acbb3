using System.Net.Http.Json;
using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Directory;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.TestKit.Azure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Benchmarks.Chains;

/// <summary>The functions in this process, with a button whose chain opens one form after the other, and agents who fill them in.</summary>
internal sealed class ChainApp : IAsyncDisposable
{
    private const string Domain = "bench.test";
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Script = "export function main(data) { return { __: { action: { name: 'openForm', params: ['Lead'] } } }; }";

    private readonly DirectoryInfo _folder;
    private readonly IHost _host;
    private readonly HttpClient _http;
    private string _button = "";
    private string _form = "";

    private ChainApp(IHost host, DirectoryInfo folder, HttpClient http) => (_host, _folder, _http) = (host, folder, http);

    public static async Task<ChainApp> StartAsync(AzuriteFixture azurite, Uri scripts, int agents)
    {
        var folder = Directory.CreateTempSubdirectory("bench-chains-");
        var seedFile = Path.Combine(folder.FullName, "seed.json");
        var seed = new Seed(
            [new SeedDomain(Domain, [.. Enumerable.Range(1, agents).Select(i => new SeedUser($"a{i}", [new SeedDevice($"a{i}", $"password-{i}")]))])],
            [new SeedKey($"ctd_all_{Secret}", Domain, ["calls:write", "calls:read", "admin"])]);
        await File.WriteAllTextAsync(seedFile, JsonSerializer.Serialize(seed, SeedJson.Default.Seed));
        var settings = Settings(azurite.ConnectionString, seedFile, folder.FullName, scripts);
        var builder = FunctionsApplication.CreateBuilder([.. settings.SelectMany(s => new[] { "--" + s.Key, s.Value })]);
        builder.Logging.ClearProviders();
        builder.AddClickToDial();
        builder.Services.Configure<EmbeddedHostOptions>(host => host.FunctionAssembly = typeof(AppComposition).Assembly);
        var host = builder.Build();
        await host.StartAsync();
        var http = new HttpClient { BaseAddress = new Uri(((WebApplication)host).Urls.First()) };
        http.DefaultRequestHeaders.Add("X-Api-Key", $"ctd_all_{Secret}");
        var app = new ChainApp(host, folder, http);
        await app.BuildAsync();
        return app;
    }

    /// <summary>An agent presses the button.</summary>
    public Task PressAsync(int agent) => PostAsync($"/api/softphone/button/{_button}", new { user = $"a{agent}" });

    /// <summary>One step: a form is sent, its script runs, and the next form is there.</summary>
    public Task StepAsync(int agent) => PostAsync($"/api/softphone/form/{_form}", new { user = $"a{agent}", data = new { name = "Eve" } });

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.StopAsync();
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task BuildAsync()
    {
        // Tables and directory are made in the background.
        while ((await _http.GetAsync(new Uri("/api/buttons", UriKind.Relative))).StatusCode != System.Net.HttpStatusCode.OK) await Task.Delay(100);
        var script = await MakeAsync("/api/scripts", new { name = "next", source = Script });
        _form = await MakeAsync("/api/forms", new { name = "Lead", sandbox_id = script, formSchema = new[] { new { type = "input", name = "name" } } });
        _button = await MakeAsync("/api/buttons", new { label = "Go", sandbox_id = script, supersedes = true });
    }

    private async Task<string> MakeAsync(string path, object body) => (await PostAsync(path, body)).GetProperty("id").GetString()!;

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {text}");
    }

    private static Dictionary<string, string> Settings(string storage, string seedFile, string folder, Uri scripts) => new()
    {
        ["port"] = "0",
        ["AppStorage"] = storage,
        ["AzureWebJobsStorage"] = storage,
        ["AppStorage:TimeoutSeconds"] = "60",
        ["Directory:SeedFile"] = seedFile,
        ["Directory:EncryptionKey"] = "bench:" + new string('a', 64),
        ["Directory:WorkerTokens:0"] = "worker-token-of-the-benchmark",
        ["Directory:CacheSeconds"] = "300",
        ["Sessions:Issuer"] = "https://issuer.test",
        ["Sessions:KeyFile"] = Path.Combine(folder, "session.pem"),
        ["Worker:Url"] = "http://127.0.0.1:9",
        ["Worker:ControlToken"] = "control-token-of-the-benchmark",
        ["ScriptRunner:Url"] = scripts.ToString(),
        ["ScriptRunner:Token"] = ScriptRuns.Token,
        ["Chains:AnswerSeconds"] = "60",
        ["Chains:MaxSteps"] = "1000",
        ["Webhooks:PbxTokens:0"] = "pbx-token-of-the-benchmark",
        ["Access:RequestsPerMinute"] = "1000000",
    };
}
