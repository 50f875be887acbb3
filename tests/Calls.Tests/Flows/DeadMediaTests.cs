using System.Diagnostics.Metrics;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

public sealed class DeadMediaTests : FlowTest
{
    protected override CallServerOptions Configure(CallServerOptions options) =>
        options with { Calls = options.Calls with { DeadMedia = TimeSpan.FromSeconds(1) } };

    [Fact]
    public async Task End_that_falls_silent_ends_the_call_with_a_reason_of_its_own()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = await FarEndAsync(); // Speaks SIP and sends no packet.
        var counted = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "clicktodial.media.dead_calls" && Rig.Server.Media.Metrics.Owns(instrument)) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, measured, _, _) => Interlocked.Add(ref counted, measured));
        listener.Start();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        far.Answer(await far.RequestAsync(), SipUa.Sdp("8"));
        await EndsAsync(id, CallResult.Answered, CallReasons.MediaTimeout);
        Assert.Equal(1, Interlocked.Read(ref counted));
        Assert.Equal(SipMethod.Bye, (await far.InDialogAsync()).Request.Method);
        Assert.Equal(CallEnd.HungUpByPeer, await (await phone.RingsAsync()).EndsAsync());
    }

    [Fact]
    public async Task Silence_of_a_held_call_ends_nothing()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        far.Answer(await far.RequestAsync(), SipUa.Sdp("8", "a=inactive\r\n"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        // Another call measures the time: its two seconds of ringing are well over the limit.
        await using var other = await Rig.PhoneAsync("102-a", onCall: IncomingCall.Answer);
        var clock = await OriginateAsync(WorkerRig.Command("no-answer") with { User = "102", RingTimeoutSeconds = 2 });
        await EndsAsync(clock, CallResult.NoAnswer, CallReasons.DestinationNoAnswer);
        Assert.Equal(CallState.Connected, (await Rig.Api.GetAsync(id))!.State);
        await Rig.Api.HangUpAsync(id);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }
}
