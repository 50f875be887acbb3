using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Peers;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>A worker for each test, and what most of them do with it.</summary>
public abstract class FlowTest : IAsyncLifetime
{
    protected const string Number = "+4930123456";

    protected WorkerRig Rig { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Rig = await WorkerRig.StartAsync(Configure, Time);

    public virtual async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the worker goes by.</summary>
    protected virtual TimeProvider Time => TimeProvider.System;

    protected virtual CallServerOptions Configure(CallServerOptions options) => options;

    /// <summary>Past the guard of the API, which wants people to be given five seconds.</summary>
    protected async Task<CallId> OriginateAsync(OriginateCommand command)
    {
        var id = WorkerClient.NewCallId();
        var answer = await Rig.Server.Calls.OriginateAsync(id, command, CancellationToken.None);
        Assert.Equal(Calls.Control.OriginateVerdict.Accepted, answer.Verdict);
        return id;
    }

    /// <summary>Waits for the end and checks what every call's events must be.</summary>
    protected async Task<CallEvent> EndsAsync(CallId id, CallResult result, string reason, int? status = null)
    {
        var ended = await Rig.Functions.EndAsync(id);
        Assert.Equal(new CallOutcome(result, reason, status), ended.Outcome);
        var events = Rig.Functions.Events.Snapshot().Where(told => told.CallId == id).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(told => told.Sequence));
        Assert.Equal(CallEventType.CallStarted, events[0].Type);
        Assert.Single(events, told => told.Type == CallEventType.CallEnded);
        Assert.Equal(CallEventType.CallEnded, events[^1].Type);
        Assert.Equal(ended.Legs!.Count, events.Count(told => told.Type == CallEventType.LegEnded));
        var snapshot = await Rig.Api.GetAsync(id);
        Assert.Equal(CallState.Ended, snapshot!.State);
        Assert.Equal(ended.Outcome, snapshot.Outcome);
        return ended;
    }
}
