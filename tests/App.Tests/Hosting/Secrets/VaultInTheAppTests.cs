using System.Globalization;
using System.Net;
using System.Text.Json;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Sessions;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.App.Tests.Hosting.Secrets;

/// <summary>The function app as a process of its own, which has every secret from a vault, read with the identity of its machine.</summary>
[Trait("row", "D6")]
public sealed class VaultInTheAppTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("vault-");
    private readonly PortBlock _ports = PortBlock.Take();
    private readonly AzuriteFixture _azurite = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(1) };
    private VaultPeer _vault = null!;
    private WorkerPeer _worker = null!;
    private ChildProcess? _app;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        await _azurite.InitializeAsync();
        _worker = await WorkerPeer.StartAsync();
        _vault = await VaultPeer.StartAsync();
        _client.BaseAddress = new Uri($"http://127.0.0.1:{_ports.Next().ToString(CultureInfo.InvariantCulture)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        if (_vault is not null) await _vault.DisposeAsync();
        if (_worker is not null) await _worker.DisposeAsync();
        await _azurite.DisposeAsync();
        _client.Dispose();
        _ports.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact(DisplayName = "D6, B5: what is new in the vault counts with the next requests and without a restart; while the vault is down all stays and health says so")]
    public async Task Vault_IsFollowed()
    {
        Fill();
        await StartAsync();
        Assert.Equal("up", await SecretsAsync());
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("pbx-token-of-the-vault-1"));
        var key = SigningKey.Generate();
        Assert.DoesNotContain(key.Id, await _client.GetStringAsync("/.well-known/jwks.json"), StringComparison.Ordinal);

        _vault.Put("worker-pbx-token-b", "pbx-token-of-the-vault-2");
        _vault.Put("session-signing-key-b", key.ToPem());
        await UntilAsync(async () => await PostAsync("pbx-token-of-the-vault-2") is HttpStatusCode.Accepted, "the new token is taken");
        await UntilAsync(async () => (await _client.GetStringAsync("/.well-known/jwks.json")).Contains(key.Id, StringComparison.Ordinal), "the new key is published");
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("pbx-token-of-the-vault-1"));

        _vault.IsDown = true;
        _vault.Put("worker-pbx-token-a", "pbx-token-of-the-vault-3");
        await UntilAsync(async () => await SecretsAsync() == "down", "health says that the vault is down");
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("pbx-token-of-the-vault-1"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("pbx-token-of-the-vault-2"));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync("pbx-token-of-the-vault-3"));

        _vault.IsDown = false;
        await UntilAsync(async () => await PostAsync("pbx-token-of-the-vault-3") is HttpStatusCode.Accepted, "the vault is read again");
        await UntilAsync(async () => await SecretsAsync() == "up", "health says that the vault is up");
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync("pbx-token-of-the-vault-1"));

        // As an address that leads to another vault.
        _vault.IsEmpty = true;
        await UntilAsync(async () => await SecretsAsync() == "down", "health says that there is no secret");
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("pbx-token-of-the-vault-3"));
        _vault.IsEmpty = false;
        await UntilAsync(async () => await SecretsAsync() == "up", "health says that there are secrets");
        Assert.Single(_app!.Output.Snapshot(), line => line.Contains("Tables, queue and directory are ready", StringComparison.Ordinal));
        Assert.DoesNotContain(_app.Output.Snapshot(), line => line.Contains("of-the-vault-", StringComparison.Ordinal));
    }

    private void Fill()
    {
        _vault.Put("directory-encryption-key", "k1:" + new string('a', 64));
        _vault.Put("worker-token-a", "worker-token-of-the-vault-1");
        _vault.Put("worker-control-token", WorkerPeer.ControlToken);
        _vault.Put("worker-pbx-token-a", "pbx-token-of-the-vault-1");
        _vault.Put("session-signing-key", SigningKey.Generate().ToPem());
    }

    private async Task StartAsync()
    {
        var seed = Path.Combine(_folder.FullName, "seed.json");
        await File.WriteAllTextAsync(seed, JsonSerializer.Serialize(new Seed([new SeedDomain("vault.test", [])]), SeedJson.Default.Seed));
        var settings = new Dictionary<string, string?>(_vault.Settings)
        {
            ["Secrets__EverySeconds"] = "1",
            ["FUNCTIONS_PORT"] = _client.BaseAddress!.Port.ToString(CultureInfo.InvariantCulture),
            ["AzureWebJobsStorage"] = _azurite.ConnectionString,
            ["AppStorage"] = _azurite.ConnectionString,
            ["AppStorage__TimeoutSeconds"] = "20",
            ["Directory__SeedFile"] = seed,
            ["Sessions__Issuer"] = "https://issuer.test",
            ["Worker__Url"] = _worker.Url.ToString(),
            ["Logging__LogLevel__Default"] = "Information",
        };
        _app = ChildProcess.Start(new ChildProcessOptions("functions", Product.FunctionsProgram, [], _folder.FullName, settings));
        await _app.SaysAsync(line => line.Contains("Tables, queue and directory are ready", StringComparison.Ordinal), "the app is ready", Patience.Start);
    }

    private async Task<HttpStatusCode> PostAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/pbx") { Content = new StringContent("""{"type":"webhook_component_event"}""") };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Pbx-Token", token);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<string?> SecretsAsync()
    {
        using var answer = await _client.GetAsync("/healthz", TestContext.Current.CancellationToken);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("dependencies").GetProperty("secrets").GetString();
    }

    /// <summary>Looks again whenever the vault was asked, which it is each second.</summary>
    private Task<string> UntilAsync(Func<Task<bool>> look, string what) => _vault.Asked.WaitForAsync(async () => await look() ? "" : null, what, Patience.Start);
}
