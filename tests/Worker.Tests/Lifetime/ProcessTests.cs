using System.Diagnostics;
using System.Globalization;
using System.Net;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.Worker.Tests.Lifetime;

/// <summary>The worker as a process: signals, a kill, and what is left behind.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private const string Domain = "process.test";
    private const string Password = "secret";
    private const int OpenCalls = 50;
    private const int CallsThatStay = 5;

    private readonly PortBlock _ports = PortBlock.Take();
    private readonly PortBlock _mediaPorts = PortBlock.Take();
    private readonly string _folder = Directory.CreateTempSubdirectory("worker-test-").FullName;
    private FunctionsPeer _functions = null!;
    private WorkerSettings _settings = null!;
    private SuitePart _worker = null!;
    private WorkerClient _api = null!;
    private Phone _phone = null!;

    public async ValueTask InitializeAsync()
    {
        var user = DirectoryOf.User("101", null, DirectoryOf.Device("101", Domain, Password));
        var many = DirectoryOf.User("102", null, DirectoryOf.Device("102", Domain, Password));
        _functions = await FunctionsPeer.StartAsync(new DirectorySnapshot([DirectoryOf.Domain(Domain, user, many)], []), _ports.Next());
        var media = _mediaPorts.NextRange(PortBlock.Size);
        _settings = new WorkerSettings(
            _functions.Url, "control-token-of-the-test", _functions.WorkerToken, _functions.PbxToken, _folder, _ports)
        {
            More = new Dictionary<string, string?>
            {
                ["Media__FirstPort"] = media.First.ToString(CultureInfo.InvariantCulture),
                ["Media__LastPort"] = media.Last.ToString(CultureInfo.InvariantCulture),
            },
        };
        _worker = _settings.Part();
        await _worker.StartAsync();
        _api = new WorkerClient(_settings.ControlUrl, _settings.ControlToken);
        _phone = await Phone.RegisteredAsync(
            new PhoneSettings(new IPEndPoint(IPAddress.Loopback, _settings.SipPort), Domain, "101", Password, 440) { OnCall = IncomingCall.Answer });
    }

    public async ValueTask DisposeAsync()
    {
        await _phone.DisposeAsync();
        _api.Dispose();
        await _worker.DisposeAsync();
        await _functions.DisposeAsync();
        _ports.Dispose();
        _mediaPorts.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Termination_waits_for_the_call_and_then_ends_with_success()
    {
        var id = await ConnectAsync();
        var call = await _phone.RingsAsync();
        var from = _worker.Output.Count;
        _worker.Process.Signal(ProcessSignal.Terminate);
        await _worker.Output.WaitAsync(line => line.Contains("Draining", StringComparison.Ordinal), "the drain", from: from);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _api.HealthAsync("/healthz/ready")).StatusCode);

        await call.HangUpAsync();
        Assert.Equal(0, await _worker.Process.Exited.WaitAsync(TestKit.Events.Patience.Step));
        Assert.Equal(CallReasons.UserHungUp, (await _functions.EndAsync(id)).Outcome!.Reason);
    }

    [Fact(DisplayName = "D4: a terminated worker takes no new call, ends those that stay at its limit, tells of each once, and succeeds")]
    public async Task Termination_ends_what_does_not_end_by_itself()
    {
        await using var device = new AnsweringPeer(
            new PhoneSettings(new IPEndPoint(IPAddress.Loopback, _settings.SipPort), Domain, "102", Password, 0));
        await device.RegisterAsync();
        var calls = await Task.WhenAll(Enumerable.Range(0, CallsThatStay).Select(_ => _api.OriginateAsync(new OriginateCommand(Domain, "102", "echo"))));
        foreach (var call in calls) await _functions.EventAsync(call, CallEventType.CallConnected);

        _worker.Process.Signal(ProcessSignal.Terminate);
        await _worker.Output.WaitAsync(line => line.Contains("Draining", StringComparison.Ordinal), "the drain");
        using (var refused = await _api.PutAsync(WorkerClient.NewCallId(), new OriginateCommand(Domain, "101", "echo")))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(503, await _phone.AskAsync(SipMethod.Invite));
        Assert.DoesNotContain(_functions.Events.Snapshot(), e => e.Type == CallEventType.CallEnded);

        Assert.Equal(0, await _worker.Process.Exited.WaitAsync(TestKit.Events.Patience.Start));
        await device.Ended.WaitAsync(_ => device.Ended.Count >= CallsThatStay, "the BYE of each call");
        Assert.Equal(CallsThatStay, device.Ended.Count);
        var ends = _functions.Events.Snapshot().Where(e => e.Type == CallEventType.CallEnded).ToList();
        Assert.Equal(calls.Select(call => call.ToString()).Order(), ends.Select(end => end.CallId.ToString()).Order());
        Assert.All(ends, end => Assert.Equal(CallReasons.WorkerShutdown, end.Outcome!.Reason));
        Assert.Equal(0, _phone.CallCount);
    }

    [Fact(DisplayName = "D4: a worker that was killed answers, knows its phones and takes calls again")]
    public async Task Restart_after_a_kill()
    {
        await _worker.KillAsync();
        var began = Stopwatch.GetTimestamp();
        await _worker.BeginAsync();
        Assert.Equal(200, await _phone.AskAsync(SipMethod.Options));
        var answered = Stopwatch.GetElapsedTime(began);
        await _worker.ReadyAsync();
        var ready = Stopwatch.GetElapsedTime(began);
        await ConnectAsync();
        Assert.Equal(1, _phone.CallCount);
        // Told, not demanded: the aim of two seconds is measured by `dev bench sip`, on a machine that does nothing else.
        TestContext.Current.TestOutputHelper?.WriteLine($"OPTIONS answered after {answered.TotalMilliseconds:F0} ms (it is asked anew after 0.5, 1.5 s), ready after {ready.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public async Task Interrupt_hangs_up_at_once_and_says_why()
    {
        var id = await ConnectAsync();
        _worker.Process.Signal(ProcessSignal.Interrupt);
        Assert.Equal(CallEnd.HungUpByPeer, await (await _phone.RingsAsync()).EndsAsync());
        Assert.Equal(0, await _worker.Process.Exited.WaitAsync(TestKit.Events.Patience.Step));
        Assert.Equal(CallReasons.WorkerShutdown, (await _functions.EndAsync(id)).Outcome!.Reason);
    }

    [Fact]
    public async Task Killed_worker_closes_its_call_when_it_is_back_and_rings_registered_phones_again()
    {
        var id = await ConnectAsync();
        await _worker.KillAsync();
        await _worker.StartAsync();
        Assert.Equal(CallReasons.WorkerLost, (await _functions.EndAsync(id)).Outcome!.Reason);
        await ConnectAsync();
        Assert.Equal(2, _phone.CallCount);
    }

    [Fact]
    public async Task Registration_that_was_confirmed_outlives_a_kill_in_the_same_moment()
    {
        // Whatever moment it is: the phone kills as soon as it hears 200, of a REGISTER that changed what was kept.
        Assert.Equal(200, await _phone.RegisterAsync(0));
        Assert.Equal(200, await _phone.RegisterAsync(600));
        await _worker.KillAsync();
        await _worker.StartAsync();
        await ConnectAsync();
        Assert.Equal(1, _phone.CallCount);
    }

    [Fact]
    public async Task Sip_is_answered_before_the_directory_is_known_and_calls_are_refused_until_it_is()
    {
        await _worker.KillAsync();
        _functions.RefuseWith(503);
        await _worker.BeginAsync();
        Assert.Equal(200, await _phone.AskAsync(SipMethod.Options));
        Assert.Equal(503, await _phone.AskAsync(SipMethod.Invite));
        Assert.Equal(503, await _phone.AskAsync(SipMethod.Register));

        _functions.RefuseWith(null);
        await _worker.ReadyAsync();
        await ConnectAsync();
    }

    [Fact]
    public async Task Killed_worker_gives_each_of_fifty_open_calls_exactly_one_end()
    {
        await using var device = new AnsweringPeer(
            new PhoneSettings(new IPEndPoint(IPAddress.Loopback, _settings.SipPort), Domain, "102", Password, 0));
        await device.RegisterAsync();
        var calls = await Task.WhenAll(Enumerable.Range(0, OpenCalls).Select(_ => _api.OriginateAsync(new OriginateCommand(Domain, "102", "echo"))));
        foreach (var call in calls) await _functions.EventAsync(call, CallEventType.CallConnected);

        await _worker.KillAsync();
        await _worker.StartAsync();

        foreach (var call in calls) Assert.Equal(CallReasons.WorkerLost, (await _functions.EndAsync(call)).Outcome!.Reason);
        await _worker.StopAsync(); // It goes when everything that it has to tell was taken.
        var ends = _functions.Events.Snapshot().Where(e => e.Type == CallEventType.CallEnded).Select(e => e.CallId).ToList();
        Assert.Equal(OpenCalls, ends.Count);
        Assert.Equal(OpenCalls, ends.Distinct().Count());
    }

    [Fact]
    public async Task Worker_killed_while_a_call_is_transferred_gives_it_exactly_one_end()
    {
        await using var target = await Phone.RegisteredAsync(
            new PhoneSettings(new IPEndPoint(IPAddress.Loopback, _settings.SipPort), Domain, "102", Password, 550));
        var id = await ConnectAsync();
        await _api.OrderAsync(id, "transfer", new TransferCommand("102", Leg: "destination"));
        await target.RingsAsync();
        await _worker.KillAsync();
        await _worker.StartAsync();

        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.WorkerLost), (await _functions.EndAsync(id)).Outcome);
        await _worker.StopAsync(); // It goes when everything that it has to tell was taken.
        var told = _functions.Events.Snapshot().Where(e => e.CallId == id).ToList();
        Assert.Contains(told, e => e.Type == CallEventType.CallTransferring);
        Assert.Single(told, e => e.Type == CallEventType.CallEnded);
    }

    [Fact]
    public async Task Settings_that_are_missing_are_all_named_and_nothing_starts()
    {
        await using var process = ChildProcess.Start(new ChildProcessOptions("bare worker", Product.WorkerProgram, [], _folder));
        Assert.Equal(2, await process.ExitAsync());
        var said = string.Join('\n', process.Output.Snapshot());
        foreach (var setting in new[] { "FunctionsUrl", "ControlToken", "WorkerToken", "PbxToken", "StateFolder" })
            Assert.Contains(setting, said, StringComparison.Ordinal);
    }

    private async Task<CallId> ConnectAsync()
    {
        var id = await _api.OriginateAsync(new OriginateCommand(Domain, "101", "echo"));
        await _functions.EventAsync(id, CallEventType.CallConnected);
        return id;
    }
}
