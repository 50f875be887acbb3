using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Links;
using ClickToDial.Core.Secrets;
using ClickToDial.Core.Sessions;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Hosting.Secrets;

/// <summary>Secrets are replaced as scripts/rotate does it, or taken away, while the app runs and nothing starts anew; see also <see cref="NamedSecretTests"/>.</summary>
[Trait("row", "D6")]
[Collection(SecretRig.Collection)]
public sealed class SecretRotationTests(SecretRig rig)
{
    private readonly AppRig _app = rig.App;
    private readonly TestDomain _domain = rig.App.NewDomain();

    [Theory(DisplayName = "D6: a token that is only checked counts beside the last one, until that is withdrawn")]
    [InlineData("worker-pbx-token")]
    [InlineData("worker-token")]
    [InlineData("hook-secret")]
    public async Task Checked_CountsBesideTheLastOne(string name)
    {
        string[] values = [Value(name, 0), Value(name, 1), Value(name, 2)];
        rig.Put(name + "-a", values[0]);
        await UntilAsync(name, values[0], true);

        rig.Put(name + "-b", values[1]);
        await UntilAsync(name, values[1], true);
        Assert.True(await IsTakenAsync(name, values[0]));

        rig.Put(name + "-a", values[2]);
        await UntilAsync(name, values[0], false);
        Assert.True(await IsTakenAsync(name, values[1]));
        await UntilAsync(name, values[2], true);
        ToldNobody(values);
    }

    [Fact(DisplayName = "D6: a token of one PBX, named after its setting, is replaced too")]
    public async Task AnySecretSetting_IsReplaced()
    {
        rig.Put("Webhooks--Sources--acme--Tokens--1", "pbx-token-of-acme-that-is-new");
        await _app.UntilAsync(async () => await StatusAsync("pbx-token-of-acme-that-is-new") is not HttpStatusCode.Unauthorized ? "" : null, "the new token of acme");

        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(AppRig.AcmeToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(AppRig.AcmePreviousToken));

        async Task<HttpStatusCode> StatusAsync(string token) => (await _domain.PostPbxAsync("{}", "/acme", token)).Status;
    }

    [Fact(DisplayName = "D6: what is shown to workers and the script runner changes with the next request")]
    public async Task Shown_ChangesWithTheNextRequest()
    {
        const string New = "control-token-that-is-new";
        var worker = _app.Services.GetRequiredService<IWorkerClient>();
        var call = await _domain.PlaceAsync();
        _app.Worker.Token = New;
        Assert.IsType<WorkerView.Unreachable>(await worker.GetAsync(call, TestContext.Current.CancellationToken));

        rig.Put("worker-control-token", New);
        await _app.UntilAsync(async () => await worker.GetAsync(call, TestContext.Current.CancellationToken) as WorkerView.Known, "the worker is asked with its new token");

        if (_app.Scripts is not null) await ScriptTokenAsync();
        ToldNobody(New);
    }

    [Fact(DisplayName = "D6: a session key is published before it signs, and its last tokens count until it is withdrawn")]
    public async Task SessionKeys_Change()
    {
        var keys = _app.Services.GetRequiredService<SigningKeyRing>();
        var (old, next) = (keys.Current, SigningKey.Generate());
        rig.Put("session-signing-key-a", old.ToPem());
        rig.Put("session-signing-key-b", next.ToPem());
        await _app.UntilAsync(async () => await IsPublishedAsync(next.Id) ? "" : null, "the next key is published");
        var early = await _domain.TokenAsync();
        Assert.Equal(old.Id, KeyOf(early));

        rig.Put("session-signing-key", next.ToPem());
        await _app.UntilAsync(() => Task.FromResult(keys.Current.Id == next.Id ? "" : null), "the next key signs");
        Assert.Equal(next.Id, KeyOf(await _domain.TokenAsync()));
        Assert.Equal(HttpStatusCode.OK, (await _domain.GetAsync("/api/calls", early)).Status);
        Assert.True(await IsPublishedAsync(old.Id));

        rig.Put("session-signing-key-a", SigningKey.Generate().ToPem());
        await _app.UntilAsync(() => Task.FromResult(keys.Find(old.Id) is null ? "" : null), "the old key is withdrawn");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _domain.GetAsync("/api/calls", early)).Status);
        Assert.False(await IsPublishedAsync(old.Id));
        ToldNobody(next.ToPem().Split('\n')[1]);
    }

    [Fact(DisplayName = "D6: what one encryption key has sealed opens while that key is there, and the next one seals")]
    public async Task EncryptionKeys_Change()
    {
        var box = _app.Services.GetRequiredService<SecretBox>();
        var links = _app.Services.GetRequiredService<LinkTicketWriter>();
        var before = box.Seal("kept", "place");
        var ticket = links.Write(new LinkTicket(_domain.Name, "101", "echo", false, DateTimeOffset.UtcNow.AddHours(1), "nonce"));
        rig.Put("directory-encryption-key-a", "test:" + new string('a', 64));
        var next = new string('b', 64);
        rig.Put("directory-encryption-key", "next:" + next);

        await _app.UntilAsync(() => Task.FromResult(box.Seal("x", "p").KeyId == "next" ? "" : null), "the next key seals");
        Assert.Equal("kept", box.Open(before, "place"));
        Assert.NotNull(links.TryRead(ticket));
        Assert.Equal("new", box.Open(box.Seal("new", "place"), "place"));
        Assert.NotEmpty((await _app.Services.GetRequiredService<IDirectoryReader>().GetAsync(TestContext.Current.CancellationToken)).Domains);

        rig.Put("directory-encryption-key-a", "other:" + new string('c', 64));
        await _app.UntilAsync(() => Task.FromResult(links.TryRead(ticket) is null ? "" : null), "the old key is withdrawn");
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => box.Open(before, "place"));
        ToldNobody(next);

        // The directory of the other tests is sealed with it.
        rig.Put("directory-encryption-key-a", "test:" + new string('a', 64));
        await _app.UntilAsync(() => Task.FromResult(links.TryRead(ticket) is null ? null : ""), "the old key is back");
    }

    [Fact(DisplayName = "D6: a secret that cannot be used is said, by its section alone, and the last one stays")]
    public async Task Unusable_IsLeft()
    {
        const string Bad = "no-secret-of-standard-webhooks";
        var good = Value("hook-secret", 0);
        rig.Put("hook-secret-a", good);
        await UntilAsync("hook-secret", good, true);

        rig.Put("hook-secret-a", Bad);
        await _app.Logs.WaitAsync(l => l.Id == 1071 && l.Text.Contains("Hooks", StringComparison.Ordinal), "the complaint");
        Assert.True(await IsTakenAsync("hook-secret", good));
        ToldNobody(Bad);

        rig.Put("hook-secret-a", good);
    }

    [Fact(DisplayName = "D6, B5: where secrets cannot be read health and a metric say so, and the last ones stay")]
    public async Task NoAnswer_LeavesTheLastOnes()
    {
        var told = new System.Collections.Concurrent.ConcurrentQueue<int>();
        using var listener = Failing(told);
        var good = Value("hook-secret", 9);
        rig.Put("hook-secret-b", good);
        await UntilAsync("hook-secret", good, true);
        await UntilHealthAsync("up");

        rig.Hide();
        await UntilHealthAsync("down");
        Assert.Contains(1, told);
        told.Clear();
        Assert.True(await IsTakenAsync("hook-secret", good));
        await _domain.TokenAsync();

        rig.Show();
        await UntilHealthAsync("up");
        Assert.Contains(0, told);
    }

    private MeterListener Failing(System.Collections.Concurrent.ConcurrentQueue<int> told)
    {
        var factory = _app.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "clicktodial.secrets.failing") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => told.Enqueue(value));
        listener.Start();
        return listener;
    }

    [Fact(DisplayName = "D6: what is taken away is withdrawn, and no older value from the settings comes back for it")]
    public async Task Removed_IsWithdrawn()
    {
        const string Stolen = "pbx-token-that-was-stolen";
        rig.Put("worker-pbx-token-b", Stolen);
        await UntilAsync("worker-pbx-token", Stolen, true);

        rig.Remove("worker-pbx-token-b");
        await UntilAsync("worker-pbx-token", Stolen, false);
        Assert.False(await IsTakenAsync("worker-pbx-token", AppRig.PreviousPbxToken));
        await UntilHealthAsync("up");
    }

    [Fact(DisplayName = "D6: after the last token of a PBX was taken away nobody is let in as that PBX, and others are")]
    public async Task RemovedLast_LetsNobodyIn()
    {
        const string Only = "Webhooks--Sources--signed--Tokens--0", Stolen = "token-of-signed-that-was-stolen";
        rig.Put(Only, Stolen);
        await _app.UntilAsync(async () => await StatusAsync("/signed", Stolen) is not NotLetIn ? "" : null, "the only token");

        rig.Remove(Only);
        await _app.UntilAsync(async () => await StatusAsync("/signed", Stolen) is NotLetIn ? "" : null, "the only token is withdrawn");
        Assert.Equal(NotLetIn, await StatusAsync("/signed", AppRig.AcmeToken));
        Assert.NotEqual(NotLetIn, await StatusAsync("/acme", AppRig.AcmeToken));
        await UntilHealthAsync("up");

        async Task<string?> StatusAsync(string source, string token)
        {
            var answer = await _domain.PostPbxAsync("{}", source, token);
            return answer.Status is HttpStatusCode.Unauthorized ? answer.Json.GetProperty("reason").GetString() : "";
        }
    }

    [Fact(DisplayName = "D6, B5: what could not be used is tried again although nothing changed, health says so, and others' secrets are taken meanwhile")]
    public async Task Refused_IsTriedAgain()
    {
        var key = SigningKey.Generate();
        var file = Path.Combine(rig.Folder, ".key-that-comes-later");
        rig.Put("session-signing-key-b", "file:" + file);
        await UntilHealthAsync("down");
        rig.Put("worker-token-b", "worker-token-taken-meanwhile");
        await UntilAsync("worker-token", "worker-token-taken-meanwhile", true);
        Assert.False(await IsPublishedAsync(key.Id));

        await File.WriteAllTextAsync(file, key.ToPem(), TestContext.Current.CancellationToken);
        await _app.UntilAsync(async () => await IsPublishedAsync(key.Id) ? "" : null, "the key is published");
        await UntilHealthAsync("up");
    }

    [Fact(DisplayName = "D6: a file that is empty is one that is being written, and takes no secret away")]
    public async Task Empty_TakesNothingAway()
    {
        rig.Put("worker-token-a", "worker-token-before-it-is-written");
        await UntilAsync("worker-token", "worker-token-before-it-is-written", true);
        rig.Put("worker-token-a", "");
        rig.Put("hook-secret-a", Value("hook-secret", 7));
        await UntilAsync("hook-secret", Value("hook-secret", 7), true);
        Assert.True(await IsTakenAsync("worker-token", "worker-token-before-it-is-written"));
        rig.Put("worker-token-a", "worker-token-that-is-written");
        await UntilAsync("worker-token", "worker-token-that-is-written", true);
        Assert.False(await IsTakenAsync("worker-token", "worker-token-before-it-is-written"));
    }

    private const string NotLetIn = "pbx-token-invalid";

    private Task<string> UntilHealthAsync(string word) => _app.UntilAsync(
        async () => (await _domain.GetAsync("/healthz")).Json.GetProperty("dependencies").GetProperty("secrets").GetString() == word ? "" : null, "secrets are " + word);

    private async Task ScriptTokenAsync()
    {
        var scripts = _app.Services.GetRequiredService<ScriptRunnerClient>();
        Assert.True(await RunsAsync());
        rig.Put("script-runner-token", "script-runner-token-that-is-not-known-there");
        await _app.UntilAsync(async () => await RunsAsync() ? null : "", "a token that the runner does not know");
        rig.Put("script-runner-token", $"{ScriptRunnerPeer.NextToken},{ScriptRunnerPeer.Token}");
        await _app.UntilAsync(async () => await RunsAsync() ? "" : null, "the next token of the runner");

        async Task<bool> RunsAsync() => (await scripts.CheckAsync("1", TestContext.Current.CancellationToken)).IsOk;
    }

    private static string Value(string name, int number) =>
        name == "hook-secret" ? "whsec_" + Convert.ToBase64String(Enumerable.Repeat((byte)(65 + number), 32).ToArray()) : $"{name}-for-rotation-{number}";

    private Task<string> UntilAsync(string name, string value, bool taken) =>
        _app.UntilAsync(async () => await IsTakenAsync(name, value) == taken ? "" : null, $"{name} taken: {taken}");

    private async Task<bool> IsTakenAsync(string name, string value) => name == "hook-secret" ? await HookAsync(value) : HttpStatusCode.Unauthorized != name switch
    {
        "worker-pbx-token" => (await _domain.TellAsync(_domain.Event(CallId.Parse(Guid.NewGuid().ToString("N")), 1, CallEventType.CallStarted), value)).Status,
        _ => await DirectoryAsync(value),
    };

    private async Task<HttpStatusCode> DirectoryAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/directory") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await _app.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<bool> HookAsync(string secret)
    {
        Assert.True(StandardWebhook.TryReadSecret(secret, out var key));
        var body = System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["sessionId"] = "s1" }.ToJsonString());
        var at = _app.Clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/hooks/connect") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(StandardWebhook.IdHeader, "id-1");
        request.Headers.Add(StandardWebhook.TimestampHeader, at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign([key], "id-1", at, body));
        var answer = await Answer.ReadAsync(await _app.Client.SendAsync(request));
        // What is signed well is refused for what it does not say.
        return answer.Json.GetProperty("reason").GetString() == "credentials-missing";
    }

    private async Task<bool> IsPublishedAsync(string id) =>
        (await _app.Client.GetStringAsync("/.well-known/jwks.json")).Contains($"\"{id}\"", StringComparison.Ordinal);

    private static string KeyOf(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString()!;

    private void ToldNobody(params string[] secrets) =>
        Assert.DoesNotContain(_app.Logs.Snapshot(), line => secrets.Any(secret => line.Text.Contains(secret, StringComparison.Ordinal)));
}
