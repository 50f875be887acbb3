using System.Text;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Fellows;

/// <summary>Two worker processes that learn of each other from the functions.</summary>
[Trait("row", "D6")]
public sealed class FellowsTests : IAsyncLifetime
{
    private const string Token = "control-token-of-the-test";

    private readonly string _folder = Directory.CreateTempSubdirectory("fellows-test-").FullName;
    private readonly List<(PortBlock Ports, WorkerSettings Settings, SuitePart Part)> _workers = [];
    private readonly PortBlock _ports = PortBlock.Take();
    private FunctionsPeer _functions = null!;
    private WorkerClient _calls = null!;

    private static byte[] Sdp => Encoding.ASCII.GetBytes("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n");

    private WorkerSettings Phones => _workers[0].Settings;

    public async ValueTask InitializeAsync()
    {
        var users = new[] { "101", "102" }.Select(user => DirectoryOf.User(user, null, DirectoryOf.Device(user, LoneWorker.Domain, LoneWorker.Password)));
        _functions = await FunctionsPeer.StartAsync(new DirectorySnapshot([DirectoryOf.Domain(LoneWorker.Domain, [.. users])], []), _ports.Next());
        await StartAsync("phones");
        await StartAsync("calls");
        _calls = new WorkerClient(_workers[1].Settings.ControlUrl, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _calls?.Dispose();
        foreach (var (ports, _, part) in _workers)
        {
            await part.DisposeAsync();
            ports.Dispose();
        }
        await _functions.DisposeAsync();
        _ports.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(DisplayName = "D6: workers that say where they are learn of each other, and one calls a page's phone over the WebSocket it has at the other, until that one is killed")]
    public async Task A_WebSocket_of_one_is_called_by_the_other()
    {
        await using var page = await WebSocketPhone.ConnectAsync(new Uri($"ws://127.0.0.1:{Phones.ControlPort}/ws"), "101", LoneWorker.Domain, LoneWorker.Password);
        Assert.Equal(200, (await page.RegisterAsync()).Status);
        await CallsSaysAsync("can be called from here");

        var (first, invite) = await RungAsync(page);
        await page.AnswerAsync(invite, 200, Sdp);
        await _functions.EventAsync(first, CallEventType.CallConnected);
        await _calls.HangUpAsync(first);
        var bye = await page.RequestAsync(SipMethod.Bye);
        await page.AnswerAsync(bye, 200);
        await _functions.EndAsync(first);

        var (second, again) = await RungAsync(page);
        await page.AnswerAsync(again, 200, Sdp);
        await _functions.EventAsync(second, CallEventType.CallConnected);
        Assert.Equal(200, (await page.HangUpAsync(again)).Status);
        Assert.Equal(CallReasons.UserHungUp, (await _functions.EndAsync(second)).Outcome!.Reason);

        await _workers[0].Part.KillAsync();
        await CallsSaysAsync("until it is reached again");
        var third = await _calls.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "echo"));
        Assert.Equal(CallReasons.UserNotRegistered, (await _functions.EndAsync(third)).Outcome!.Reason);
    }

    // What a worker has learnt of another's phones it does not say: it is asked until it knows.
    private async Task<(CallId Call, SipRequest Invite)> RungAsync(WebSocketPhone page)
    {
        using var limit = new CancellationTokenSource(Patience.Step);
        var from = page.Requests.Count;
        while (true)
        {
            var call = await _calls.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "echo"));
            var rung = page.Requests.WaitAsync(request => request.Method == SipMethod.Invite, "an INVITE", from: from);
            if (await Task.WhenAny(rung, _functions.EndAsync(call)) == rung) return (call, await rung);
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private Task<string> CallsSaysAsync(string text) =>
        _workers[1].Part.Output.WaitAsync(line => line.Contains(text, StringComparison.Ordinal), text, Patience.Step);

    private async Task StartAsync(string name)
    {
        var ports = PortBlock.Take();
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        var bare = new WorkerSettings(_functions.Url, Token, _functions.WorkerToken, _functions.PbxToken, folder, ports);
        var settings = bare with { More = new Dictionary<string, string?> { ["Worker__Name"] = name, ["Worker__AnnounceUrl"] = bare.ControlUrl.ToString() } };
        var part = settings.Part();
        _workers.Add((ports, settings, part));
        await part.StartAsync();
    }
}
