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
using ClickToDial.TestKit.Peers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Hosting.Secrets;

/// <summary>Reading a vault: against a peer that speaks as Key Vault's REST interface does, over TLS.</summary>
[Trait("row", "D6")]
public sealed partial class VaultSecretsTests : IAsyncLifetime
{
    private VaultPeer _vault = null!;

    public async ValueTask InitializeAsync()
    {
        _vault = await VaultPeer.StartAsync();
        _vault.Put("hook-secret-a", "first");
        _vault.Put("hook-secret-b", "second\n");
        _vault.Put("worker-control-token", "withdrawn", isOn: false);
        _vault.Put("sip-key-pem", "of another part");
        _vault.Put("Webhooks--Sources--acme--Tokens--0", "token");
    }

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Fact(DisplayName = "D6: secrets of a vault are read page by page with the app's identity; those switched off or of other parts are not")]
    public async Task Read_GivesWhatIsOn()
    {
        var read = await Store().ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [("Hooks:Secrets:0", "first"), ("Hooks:Secrets:1", "second"), ("Webhooks:Sources:acme:Tokens:0", "token")],
            read.Select(p => (p.Key, p.Value)).Order());
        Assert.DoesNotContain(_vault.Asked.Snapshot(), path => path.Contains("sip-key-pem", StringComparison.Ordinal) || path.Contains("control-token", StringComparison.Ordinal));
    }

    [Fact(DisplayName = "D6: one secret that is refused fails the whole look, so that nothing is taken for withdrawn")]
    public async Task Refusal_FailsAll()
    {
        _vault.Answers = http => Refuse(http, "hook-secret-b", 403);
        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => Store().ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(403, failed.Status);
    }

    [Fact(DisplayName = "D6: a secret that is deleted while the vault is read is not there")]
    public async Task Gone_IsNotThere()
    {
        _vault.Answers = http => Refuse(http, "hook-secret-b", 404);
        Assert.DoesNotContain("Hooks:Secrets:1", (await Store().ReadAsync(TestContext.Current.CancellationToken)).Keys);
    }

    [Fact(DisplayName = "D6: the app's token goes to no other host that the vault names")]
    public async Task OtherHost_IsNotAsked()
    {
        _vault.Answers = http =>
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
        _vault.Answers = http => Refuse(http, "hook-secret-b", 403);
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
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == _vault.Thumbprint } };
        return new VaultSecrets(_vault.Address, new Identity(), new HttpClientTransport(handler));
    }

    private static bool Refuse(HttpContext http, string name, int status)
    {
        if (!http.Request.Path.Equals("/secrets/" + name, StringComparison.Ordinal)) return false;
        http.Response.StatusCode = status;
        return true;
    }

    [GeneratedRegex("^ +([A-Za-z_0-9]+): secret\\(vaultUri, '([a-z-]+)'\\)", RegexOptions.Multiline)]
    private static partial Regex References();

    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext context, CancellationToken stop) => new(VaultPeer.Token, DateTimeOffset.UtcNow.AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext context, CancellationToken stop) => new(GetToken(context, stop));
    }
}
