using System.Text;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;

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

    protected static string Text(SipMessage message) => Encoding.ASCII.GetString(message.Body.Span);

    /// <summary>A bare end that has registered as a device.</summary>
    protected async Task<SipUa> RegisteredAsync(string device)
    {
        var ua = new SipUa(Rig.SipAddress);
        await ua.RegisterAsync(device);
        return ua;
    }

    /// <summary>A bare end to which calls to <see cref="Number"/> go.</summary>
    /// <param name="like">What more is to be known of its trunk.</param>
    protected async Task<SipUa> FarEndAsync(Func<TrunkEntry, TrunkEntry>? like = null, Func<SipEndpointOptions, SipEndpointOptions>? change = null)
    {
        var far = new SipUa(Rig.SipAddress, change);
        var trunk = new TrunkEntry("world", ["+49"], $"sip:{far.Address}");
        Rig.Functions.Publish(WorkerRig.Snapshot(like?.Invoke(trunk) ?? trunk));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.RouteTo(WorkerRig.Domain, Number) is Route.ToTrunk);
        return far;
    }

    /// <summary>Past the guard of the API, which wants people to be given five seconds.</summary>
    protected async Task<CallId> OriginateAsync(OriginateCommand command)
    {
        var id = WorkerClient.NewCallId();
        var answer = await Rig.Server.Calls.OriginateAsync(id, command, CancellationToken.None);
        Assert.Equal(Calls.Control.OriginateVerdict.Accepted, answer.Verdict);
        return id;
    }

    /// <summary>A call to <see cref="Number"/> that two bare ends answer, each with its own codecs.</summary>
    protected async Task<CallId> AnsweredAsync(SipUa user, string formats, SipUa far, string farFormats)
    {
        var id = await OriginateAsync(WorkerRig.Command(Number));
        user.Answer(await user.RequestAsync(), SipUa.Sdp(formats));
        far.Answer(await far.RequestAsync(), SipUa.Sdp(farFormats));
        return id;
    }

    /// <summary>A call to <see cref="Number"/> that a phone and the trunk's answer.</summary>
    protected async Task<(CallId Id, PhoneCall User, PhoneCall Far)> ConnectedAsync(Phone phone, Phone trunk)
    {
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var user = await phone.RingsAsync();
        await user.AnswerAsync();
        var far = await trunk.RingsAsync();
        await far.AnswerAsync();
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        return (id, user, far);
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
