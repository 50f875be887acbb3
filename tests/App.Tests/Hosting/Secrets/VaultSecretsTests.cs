using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using ClickToDial.App.Calls;
using ClickToDial.App.Directory;
using ClickToDial.App.Hooks;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.App.Webhooks;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.TestKit.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Hosting.Secrets;

/// <summary>Reading a vault: against a peer that speaks as Key Vault's REST interface does, over TLS.</summary>
[Trait("row", "D6")]
public sealed partial class VaultSecretsTests : IAsyncLifetime
{
    private const string Token = "token-of-the-identity";

    private readonly TestAuthority _authority = new();
    private readonly Dictionary<string, (string Value, bool Enabled)> _secrets = new()
    {
        ["hook-secret-a"] = ("first", true),
        ["hook-secret-b"] = ("second\n", true),
        ["worker-control-token"] = ("withdrawn", false),
        ["sip-key-pem"] = ("of another part", true),
        ["Webhooks--Sources--acme--Tokens--0"] = ("token", true),
    };

    private readonly List<string> _asked = [];
    private WebApplication _vault = null!;
    private X509Certificate2 _certificate = null!;
    private Func<HttpContext, bool> _answers = _ => false;

    public async ValueTask InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = _authority.Create(key, "localhost");
        _certificate = X509CertificateLoader.LoadPkcs12(issued.CopyWithPrivateKey(key).Export(X509ContentType.Pfx), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(_certificate)));
        _vault = builder.Build();
        _vault.Run(AnswerAsync);
        await _vault.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _vault.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
    }

    [Fact(DisplayName = "D6: secrets of a vault are read page by page with the app's identity; those switched off or of other parts are not")]
    public async Task Read_GivesWhatIsOn()
    {
        var read = await Store().ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [("Hooks:Secrets:0", "first"), ("Hooks:Secrets:1", "second"), ("Webhooks:Sources:acme:Tokens:0", "token")],
            read.Select(p => (p.Key, p.Value)).Order());
        Assert.DoesNotContain(_asked, path => path.Contains("sip-key-pem", StringComparison.Ordinal) || path.Contains("control-token", StringComparison.Ordinal));
    }

    [Fact(DisplayName = "D6: one secret that is refused fails the whole look, so that nothing is taken for withdrawn")]
    public async Task Refusal_FailsAll()
    {
        _answers = http => Refuse(http, "hook-secret-b", 403);
        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => Store().ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(403, failed.Status);
    }

    [Fact(DisplayName = "D6: a secret that is deleted while the vault is read is not there")]
    public async Task Gone_IsNotThere()
    {
        _answers = http => Refuse(http, "hook-secret-b", 404);
        Assert.DoesNotContain("Hooks:Secrets:1", (await Store().ReadAsync(TestContext.Current.CancellationToken)).Keys);
    }

    [Fact(DisplayName = "D6: the app's token goes to no other host that the vault names")]
    public async Task OtherHost_IsNotAsked()
    {
        _answers = http =>
        {
            if (!http.Request.Path.Equals("/secrets", StringComparison.Ordinal)) return false;
            http.Response.WriteAsJsonAsync(new { value = Array.Empty<object>(), nextLink = "https://elsewhere.test/secrets" }).GetAwaiter().GetResult();
            return true;
        };
        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => Store().ReadAsync(TestContext.Current.CancellationToken));
        Assert.Contains("another host", failed.Message, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "D6: what only the vault has is there when settings are checked, and what it has not is no token, whatever a reference was at the start")]
    public void Vault_CountsFromTheStart()
    {
        var settings = Start(
            Store(), ("Hooks:Secrets:0", "of the start"), ("Directory:WorkerTokens:0", "worker-token-of-the-start"), ("Webhooks:Sources:acme:Tokens:0", Reference("acme")),
            ("Webhooks:PbxTokens:0", Reference("worker-pbx-token-a")));

        Assert.Equal(["first", "second"], settings.GetSection("Hooks").Get<HookOptions>()!.Secrets);
        Assert.Equal(["token"], settings.GetSection("Webhooks").Get<WebhookOptions>()!.Sources["acme"].Tokens);
        Assert.Empty(settings.GetSection("Webhooks").Get<WebhookOptions>()!.PbxTokens);
        Assert.Empty(settings.GetSection("Directory").Get<DirectoryOptions>()!.WorkerTokens);
    }

    [Theory(DisplayName = "D6: a vault that refuses or is silent at the start keeps no app from starting, and references that nobody resolved are no secrets")]
    [InlineData(true)]
    [InlineData(false)]
    public void NoAnswer_LeavesTheSettings(bool isSilent)
    {
        _answers = http => Refuse(http, "hook-secret-b", 403);
        var settings = Start(
            isSilent ? new SilentStore() : Store(), ("Secrets:TimeoutSeconds", "1"), ("Hooks:Secrets:0", "of the start"), ("Hooks:Secrets:1", Reference("hook-secret-b")),
            ("Worker:ControlToken", Reference("worker-control-token")), ("Worker:TimeoutSeconds", "7"));

        Assert.Equal(["of the start"], settings.GetSection("Hooks").Get<HookOptions>()!.Secrets);
        var worker = settings.GetSection("Worker").Get<CallWorkerOptions>()!;
        Assert.Equal(("", 7), (worker.ControlToken, worker.TimeoutSeconds));
        Assert.Contains(worker.Faults(), fault => fault.StartsWith("ControlToken", StringComparison.Ordinal));
    }

    private static string Reference(string name) => $"@Microsoft.KeyVault(SecretUri=https://kv-ctd-dev-x.vault.azure.net/secrets/{name})";

    private static ConfigurationManager Start(ISecretStore store, params (string Name, string Value)[] settings)
    {
        var builder = FunctionsApplication.CreateBuilder([.. settings.SelectMany(s => new[] { "--" + s.Name, s.Value })]);
        builder.Services.AddSingleton(store);
        builder.AddSecrets();
        return builder.Configuration;
    }

    private sealed class SilentStore : ISecretStore
    {
        public Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken stop) => new TaskCompletionSource<IReadOnlyDictionary<string, string>>().Task;
    }

    [Fact(DisplayName = "D6: the deployment's references and the app's own reading name the same secrets")]
    public void Names_AreThoseOfTheDeployment()
    {
        var bicep = File.ReadAllText(Path.Combine(SettingsTests.Root, "infra/modules/functions.bicep"));
        var set = References().Matches(bicep).Select(m => (m.Groups[2].Value, m.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)));
        Assert.Equal(SecretNames.Settings.Select(p => (p.Key, p.Value)).Order(), set.Order());
    }

    private VaultSecrets Store()
    {
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == _certificate.GetCertHashString() } };
        return new VaultSecrets(Address, new Identity(), new HttpClientTransport(handler));
    }

    private Uri Address => new UriBuilder(_vault.Urls.First()) { Host = "localhost" }.Uri;

    private static bool Refuse(HttpContext http, string name, int status)
    {
        if (!http.Request.Path.Equals("/secrets/" + name, StringComparison.Ordinal)) return false;
        http.Response.StatusCode = status;
        return true;
    }

    // Two names a page.
    private async Task AnswerAsync(HttpContext http)
    {
        lock (_asked) _asked.Add(http.Request.Path);
        if (_answers(http)) return;
        if (http.Request.Headers.Authorization != "Bearer " + Token || http.Request.Query["api-version"] != "7.4")
        {
            http.Response.StatusCode = 401;
            return;
        }

        if (http.Request.Path.Value!.Split('/') is [_, _, var name])
        {
            await http.Response.WriteAsJsonAsync(new { value = _secrets[name].Value });
            return;
        }

        var from = int.TryParse(http.Request.Query["from"], out var number) ? number : 0;
        await http.Response.WriteAsJsonAsync(new
        {
            value = _secrets.Skip(from).Take(2).Select(s => new { id = $"{Address}secrets/{s.Key}", attributes = new { enabled = s.Value.Enabled } }),
            nextLink = from + 2 < _secrets.Count ? $"{Address}secrets?api-version=7.4&from={from + 2}" : null,
        });
    }

    [GeneratedRegex("^ +([A-Za-z_0-9]+): secret\\(vaultUri, '([a-z-]+)'\\)", RegexOptions.Multiline)]
    private static partial Regex References();

    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext context, CancellationToken stop) => new(Token, DateTimeOffset.UtcNow.AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext context, CancellationToken stop) => new(GetToken(context, stop));
    }
}
