using System.Text.Json;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Configuration;
using ClickToDial.Worker.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.Worker.Tests.Lifetime;

/// <summary>Secrets that change while the worker runs, and where it says it is.</summary>
[Trait("row", "D6")]
public sealed class SecretTests : IDisposable
{
    private const string Old = "control-token-of-the-test";
    private const string New = "control-token-that-is-new";

    private readonly string _folder = Directory.CreateTempSubdirectory("secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(DisplayName = "D6: every token of a worker is replaced while a call is up: old and new count together, then the new one alone")]
    public async Task Tokens_change_while_a_call_is_up()
    {
        await using var worker = await LoneWorker.StartAsync(["101", "102"], new Dictionary<string, string?> { ["Worker__SecretsFolder"] = _folder });
        await using var caller = await Phone.RegisteredAsync(worker.PhoneOf("101", 440));
        await using var called = await Phone.RegisteredAsync(worker.PhoneOf("102", 700));
        var call = await worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "102"));
        await worker.Functions.EventAsync(call, CallEventType.CallConnected);

        await PutAsync(worker, "control-token", New, Old);
        Assert.Equal((200, 200), (await StatusAsync(worker, New, call), await StatusAsync(worker, Old, call)));
        await PutAsync(worker, "control-token", New);
        Assert.Equal((200, 401), (await StatusAsync(worker, New, call), await StatusAsync(worker, Old, call)));

        worker.Functions.WorkerToken = "worker-token-that-is-new";
        await PutAsync(worker, "worker-token", worker.Functions.WorkerToken);
        var from = worker.Part.Output.Count;
        worker.Functions.Publish(new DirectorySnapshot([], []));
        await SaysAsync(worker, "Learned the directory: 0 domains", from);
        Assert.Contains("127.0.0.1", await LogInAsync(worker), StringComparison.Ordinal);

        // What it is used for then: PhoneGuardTests of the call logic.
        await PutAsync(worker, "hook-secret", "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=");

        worker.Functions.PbxToken = "pbx-token-that-is-new";
        await PutAsync(worker, "pbx-token", worker.Functions.PbxToken);
        using var api = new WorkerClient(worker.Settings.ControlUrl, New);
        await api.HangUpAsync(call);
        await worker.Functions.EndAsync(call);
    }

    [Fact(DisplayName = "D6, B5: a file that holds no usable secret changes nothing, is complained of, and health says so until it is mended")]
    public async Task What_cannot_be_used_is_left()
    {
        await using var worker = await LoneWorker.StartAsync(["101"], new Dictionary<string, string?> { ["Worker__SecretsFolder"] = _folder });
        Write("control-token", "short");
        await SaysAsync(worker, "Secret control-token cannot be used", 0);
        Assert.Equal(404, await StatusAsync(worker, Old, WorkerClient.NewCallId()));
        Assert.Equal("down", await HealthAsync(worker));
        await PutAsync(worker, "control-token", New);
        Assert.Equal(401, await StatusAsync(worker, Old, WorkerClient.NewCallId()));
        // Seen by the next look, so that one has ended with nothing to complain of.
        await PutAsync(worker, "control-token", New, Old);
        Assert.Equal("up", await HealthAsync(worker));
    }

    [Fact(DisplayName = "D6: a worker says where it is while it lives, and that it goes")]
    public async Task A_worker_says_where_it_is()
    {
        await using var worker = await LoneWorker.StartAsync(["101"], new Dictionary<string, string?> { ["Worker__AnnounceUrl"] = "http://10.0.0.4:8080" });
        await worker.Functions.Workers.WaitAsync(said => said == "PUT worker-1 http://10.0.0.4:8080", "where the worker is");
        await worker.Part.StopAsync();
        Assert.Equal("DELETE worker-1 ", worker.Functions.Workers.Snapshot()[^1]);
    }

    [Fact]
    public void Files_stand_for_settings_from_the_start()
    {
        Write("control-token", New, Old);
        Write("worker-token", "worker-token-in-a-file");
        var settings = new Dictionary<string, string?>
        {
            ["Worker:FunctionsUrl"] = "http://127.0.0.1:1",
            ["Worker:StateFolder"] = _folder,
            ["Worker:SecretsFolder"] = _folder,
            ["Sip:BindAddress"] = "127.0.0.1",
            ["Media:BindAddress"] = "127.0.0.1",
            ["Worker:PbxToken"] = "pbx-token-in-a-setting",
            ["Worker:AnnounceUrl"] = "10.0.0.4",
        };
        Assert.Null(WorkerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), out var errors));
        Assert.Equal(["Worker: AnnounceUrl must be an http or https address."], errors);
        settings["Worker:AnnounceUrl"] = "";
        var read = WorkerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), out _)!;
        Assert.Equal((New, "worker-token-in-a-file", "pbx-token-in-a-setting"), (read.Secrets.Control.Current, read.Secrets.Worker.Current, read.Secrets.Pbx.Current));
    }

    private static async Task<string?> HealthAsync(LoneWorker worker)
    {
        using var answer = await worker.Api.HealthAsync();
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("dependencies").GetProperty("secrets").GetString();
    }

    private async Task PutAsync(LoneWorker worker, string file, params string[] values)
    {
        var from = worker.Part.Output.Count;
        Write(file, values);
        await SaysAsync(worker, $"Secret {file} was taken anew", from);
    }

    // Whole or not at all, as those who keep secrets in files do.
    private void Write(string file, params string[] values)
    {
        var part = Path.Combine(_folder, $".{file}.part");
        File.WriteAllLines(part, values);
        File.Move(part, Path.Combine(_folder, file), overwrite: true);
    }

    private static Task<string> SaysAsync(LoneWorker worker, string text, int from) =>
        worker.Part.Output.WaitAsync(line => line.Contains(text, StringComparison.Ordinal), text, Patience.Step, from);

    /// <summary>What reached the functions: with the page's address when they know the worker by its token.</summary>
    private static async Task<string> LogInAsync(LoneWorker worker)
    {
        using var http = new HttpClient();
        using var body = new StringContent("{}");
        using var answer = await http.PostAsync(new Uri(worker.Settings.ControlUrl, "/rest/system/session"), body);
        return await worker.Functions.Logins.WaitAsync(login => login.StartsWith("POST {}", StringComparison.Ordinal), "a login");
    }

    private static async Task<int> StatusAsync(LoneWorker worker, string token, CallId call)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(worker.Settings.ControlUrl, $"/control/calls/{call}"));
        request.Headers.Add("Authorization", $"Bearer {token}");
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
