using System.Net;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Hooks;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Tests.Hosting.Secrets;

/// <summary>Secrets that have no name of their own in the deployment are replaced under the name of their setting, while the app runs.</summary>
[Trait("row", "D6")]
[Collection(SecretRig.Collection)]
public sealed class NamedSecretTests(SecretRig rig)
{
    private readonly AppRig _app = rig.App;
    private readonly TestDomain _domain = rig.App.NewDomain();

    [Fact(DisplayName = "D6: a token of a PBX for one domain counts beside the last one, until that is replaced")]
    public async Task DomainTokens_AreReplaced()
    {
        rig.Put("Webhooks--DomainTokens--1", "other.test=domain-token-that-is-new");
        await UntilAsync(() => IsTakenAsync("domain-token-that-is-new"), "the new token of a domain");
        Assert.True(await IsTakenAsync(AppRig.OtherPbxToken));

        rig.Put("Webhooks--DomainTokens--0", "other.test=domain-token-after-that");
        await UntilAsync(async () => !await IsTakenAsync(AppRig.OtherPbxToken), "the old token of a domain is withdrawn");
        Assert.True(await IsTakenAsync("domain-token-that-is-new"));
        Assert.True(await IsTakenAsync("domain-token-after-that"));

        async Task<bool> IsTakenAsync(string token) => (await _domain.PostPbxAsync("{}", token: token)).Status is not HttpStatusCode.Unauthorized;
    }

    [Fact(DisplayName = "D6: a secret that a PBX signs with counts beside the last one; after the last was taken away nothing of that PBX is let in, signed or not")]
    public async Task SigningSecrets_AreReplaced()
    {
        const string Token = "token-of-signed-for-its-secrets";
        var (next, third) = (Secret('n'), Secret('t'));
        rig.Put("Webhooks--Sources--signed--Tokens--1", Token);
        await UntilAsync(async () => await ReasonAsync(null) == "signature-invalid", "the token of the signed PBX");
        Assert.True(await IsTakenAsync(AppRig.SigningSecret));

        rig.Put("Webhooks--Sources--signed--SigningSecrets--1", next);
        await UntilAsync(() => IsTakenAsync(next), "the next signing secret");
        Assert.True(await IsTakenAsync(AppRig.SigningSecret));

        rig.Put("Webhooks--Sources--signed--SigningSecrets--0", third);
        await UntilAsync(async () => !await IsTakenAsync(AppRig.SigningSecret), "the first signing secret is withdrawn");
        Assert.True(await IsTakenAsync(next));
        Assert.True(await IsTakenAsync(third));

        rig.Remove("Webhooks--Sources--signed--SigningSecrets--0");
        rig.Remove("Webhooks--Sources--signed--SigningSecrets--1");
        await UntilAsync(async () => !await IsTakenAsync(third) && !await IsTakenAsync(next), "all signing secrets are withdrawn");
        foreach (var secret in (string?[])[null, next, third, AppRig.SigningSecret]) Assert.Equal("signature-invalid", await ReasonAsync(secret));

        rig.Put("Webhooks--Sources--signed--SigningSecrets--0", AppRig.SigningSecret);
        await UntilAsync(() => IsTakenAsync(AppRig.SigningSecret), "there is a signing secret again");

        async Task<bool> IsTakenAsync(string secret) => await ReasonAsync(secret) != "signature-invalid";

        async Task<string> ReasonAsync(string? secret)
        {
            const string Body = """{"type":"webhook_component_event"}""";
            var answer = await _domain.PostPbxAsync(Body, "/signed", Token, r => Sign(r, secret, Encoding.UTF8.GetBytes(Body)));
            return answer.Status is HttpStatusCode.Accepted ? "" : answer.Json.GetProperty("reason").GetString()!;
        }
    }

    [Fact(DisplayName = "D6: a key of hooks as Web Call Server signs them counts beside the last one, until that is replaced")]
    public async Task WcsKeys_AreReplaced()
    {
        rig.Put("Hooks--WcsKeys--1", "wcs-key-that-is-new");
        await UntilAsync(() => IsTakenAsync("wcs-key-that-is-new"), "the new key");
        Assert.True(await IsTakenAsync(AppRig.WcsKey));

        rig.Put("Hooks--WcsKeys--0", "wcs-key-after-that");
        await UntilAsync(async () => !await IsTakenAsync(AppRig.WcsKey), "the old key is withdrawn");
        Assert.True(await IsTakenAsync("wcs-key-that-is-new"));
        Assert.True(await IsTakenAsync("wcs-key-after-that"));

        async Task<bool> IsTakenAsync(string key)
        {
            var body = Encoding.UTF8.GetBytes("""{"status":"FINISH"}""");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/hooks/CallStatusEvent") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TryAddWithoutValidation("Authorization", HookSignature.SignWcs(key, body));
            using var answer = await _app.Client.SendAsync(request);
            return answer.StatusCode is HttpStatusCode.OK;
        }
    }

    [Fact(DisplayName = "D6: the next session's credentials for TURN are made with the new secret")]
    public async Task TurnSecret_IsReplaced()
    {
        Assert.True(await IsMadeWithAsync(AppRig.TurnSecret));
        rig.Put("Turn--Secret", "turn-secret-that-is-new");
        await UntilAsync(() => IsMadeWithAsync("turn-secret-that-is-new"), "credentials of the new secret");
        Assert.False(await IsMadeWithAsync(AppRig.TurnSecret));

        async Task<bool> IsMadeWithAsync(string secret)
        {
            var turn = (await _domain.SendAsync(HttpMethod.Post, "/api/sessions", new { user = "101" })).Json.GetProperty("turn");
            var (name, credential) = (turn.GetProperty("username").GetString()!, turn.GetProperty("credential").GetString());
            // Short-lived credentials as coturn checks them: an HMAC-SHA1 of the name.
#pragma warning disable CA5350
            var mac = HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
            return credential == Convert.ToBase64String(mac);
        }
    }

    private static string Secret(char letter) => "whsec_" + Convert.ToBase64String(Encoding.ASCII.GetBytes(new string(letter, 32)));

    private void Sign(HttpRequestMessage request, string? secret, byte[] body)
    {
        if (secret is null) return;
        Assert.True(StandardWebhook.TryReadSecret(secret, out var key));
        var at = _app.Clock.GetUtcNow();
        request.Headers.Add(StandardWebhook.IdHeader, "id-1");
        request.Headers.Add(StandardWebhook.TimestampHeader, at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign([key], "id-1", at, body));
    }

    private Task<string> UntilAsync(Func<Task<bool>> look, string what) => _app.UntilAsync(async () => await look() ? "" : null, what);
}
