using System.Collections.Concurrent;
using System.Diagnostics;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>Code that is kept between steps, beside code that begins anew at each.</summary>
public sealed class KeptCodeTests(AzuriteFixture azurite)
{
    private readonly ArmingClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory(DisplayName = "C9: kept code gives what code gives that begins anew at every step, and is begun once")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Code_is_begun_once_and_gives_the_same(bool keepsCode)
    {
        await using var rig = await StartAsync(DurableRig.NewHub(), keepsCode);
        var id = await rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(KeptFunctions.Count));
        for (var i = 1; i <= 3; i++) await MoreAsync(rig, id, i);
        await rig.Client.RaiseEventAsync(id, "enough", "done");

        Assert.Equal("3 3 done", (await rig.EndOfAsync(id)).ReadOutputAs<string>());
        // The start (which may take the first event with it), three events and as many answers, and the end.
        if (keepsCode) Assert.Equal(1, KeptFunctions.BegunOf(id));
        else Assert.InRange(KeptFunctions.BegunOf(id), 7, 8);
    }

    [Fact(DisplayName = "C9: code that nobody has spoken to for a while is let go of, and begins anew")]
    public async Task Idle_code_is_let_go()
    {
        await using var rig = await StartAsync(DurableRig.NewHub(), keepsCode: true);
        var id = await rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(KeptFunctions.Count));
        var count = 0;
        // When exactly it begins to wait is not to be seen from here; that it is let go of is.
        using var patience = new CancellationTokenSource(Patience.Start);
        while (KeptFunctions.BegunOf(id) < 2)
        {
            patience.Token.ThrowIfCancellationRequested();
            await MoreAsync(rig, id, ++count);
            _clock.Advance(TimeSpan.FromSeconds(31));
        }
        await rig.Client.RaiseEventAsync(id, "enough", "done");
        Assert.Equal($"{count} {count} done", (await rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact(DisplayName = "C9: another host begins the code anew from what is stored, and goes on with it")]
    public async Task Takeover_begins_anew()
    {
        var hub = DurableRig.NewHub();
        string id;
        await using (var first = await StartAsync(hub, keepsCode: true, TimeProvider.System))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync(nameof(KeptFunctions.Count));
            await MoreAsync(first, id, 1);
        }
        await using var second = await StartAsync(hub, keepsCode: true, TimeProvider.System);
        await MoreAsync(second, id, 2);
        await second.Client.RaiseEventAsync(id, "enough", "done");
        Assert.Equal("2 2 done", (await second.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.True(KeptFunctions.BegunOf(id) >= 2);
    }

    [Fact(DisplayName = "C9: code that holds its invocation begins anew at each step, so that it never holds one that is over")]
    public async Task Code_that_holds_its_invocation_is_not_kept()
    {
        await using var rig = await StartAsync(DurableRig.NewHub(), keepsCode: true);
        var end = await rig.RunAsync(nameof(KeptFunctions.Bound));
        Assert.NotEmpty(end.ReadOutputAs<string>()!);
        // The start, and the activity's answer.
        Assert.Equal(2, KeptFunctions.BegunOf(end.InstanceId));
    }

    [Fact]
    public async Task Code_that_strays_from_its_thread_fails_as_ever()
    {
        await using var rig = await StartAsync(DurableRig.NewHub(), keepsCode: true);
        var end = await rig.RunAsync(nameof(KeptFunctions.Strays));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("not durable", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "C9: an event to an instance of this process, and the step that takes it, are one transaction together")]
    public async Task Event_and_its_step_are_one_request()
    {
        AzuriteFixture.SkipIfMissing();
        // Its own, so that nobody else's requests are counted.
        await using var own = new AzuriteFixture();
        await own.InitializeAsync();
        await using var rig = await DurableRig.StartAsync(own, DurableRig.NewHub(), [typeof(KeptFunctions)], _clock, keepsCode: true);
        var id = await rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(KeptFunctions.Count));
        await MoreAsync(rig, id, 1);
        using var requests = new RequestWatch(own.TableEndpoint.Port);

        await MoreAsync(rig, id, 2);

        // The step that takes the event and the one that takes the activity's answer; only looks at the status are reads.
        Assert.Equal(2, requests.Writes);
    }

    private Task<DurableRig> StartAsync(string hub, bool keepsCode, TimeProvider? clock = null)
    {
        AzuriteFixture.SkipIfMissing();
        return DurableRig.StartAsync(azurite, hub, [typeof(KeptFunctions)], clock ?? _clock, keepsCode: keepsCode);
    }

    /// <summary>Raises the event, and waits until it has been counted.</summary>
    private static async Task MoreAsync(DurableRig rig, string id, int count)
    {
        await rig.Client.RaiseEventAsync(id, "more", 1);
        using var patience = new CancellationTokenSource(Patience.Start);
        while ((await rig.Client.GetInstanceAsync(id, getInputsAndOutputs: true, patience.Token))?.ReadCustomStatusAs<int?>() != count)
            await Task.Yield();
    }

    /// <summary>Counts what this process writes to an instance table at an address.</summary>
    private sealed class RequestWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly int _port;
        private readonly List<IDisposable> _subscriptions = [];
        private readonly ConcurrentDictionary<string, bool> _writes = new(StringComparer.Ordinal);

        public RequestWatch(int port)
        {
            _port = port;
            _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        /// <summary>One that the client made again for want of an answer counts once.</summary>
        public int Writes => _writes.Count;

        public void OnNext(DiagnosticListener value)
        {
            if (string.Equals(value.Name, "HttpHandlerDiagnosticListener", StringComparison.Ordinal)) _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key != "System.Net.Http.HttpRequestOut.Start") return;
            // The payload is of a type without a name.
            if (value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) is not HttpRequestMessage { RequestUri: { } uri } request || uri.Port != _port) return;
            // A step is a transaction; leases are single rows of another table.
            if (uri.AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal) || uri.AbsolutePath.Contains("Instances", StringComparison.Ordinal) && request.Method != HttpMethod.Get)
                _writes.TryAdd(request.Headers.GetValues("x-ms-client-request-id").Single(), true);
        }

        public void OnCompleted()
        {
            // Listeners live as long as the process.
        }

        public void OnError(Exception error)
        {
            // Listeners report no errors.
        }

        public void Dispose() => _subscriptions.ForEach(s => s.Dispose());
    }
}
