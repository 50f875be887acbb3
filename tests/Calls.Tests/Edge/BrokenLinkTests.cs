using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>The link between two workers breaks, and both of them live on.</summary>
[Trait("row", "D6")]
public sealed class BrokenLinkTests : TwoWorkersTest
{
    private const string Contact = "sip:101-a@127.0.0.1:9;transport=tcp";

    private BreakableLine? _line;

    [Fact(DisplayName = "D6: while the link is broken a call is given up, and the phone that rang stops ringing when it is back")]
    public async Task Given_up_meanwhile()
    {
        await using var phone = await Phones.PhoneAsync("101-a");
        await KnownAsync("101");
        var id = await OriginateAsync("echo");
        var ringing = await phone.RingsAsync();
        await Calls.Functions.EventAsync(id, CallEventType.LegRinging);
        await CutAsync();
        await Calls.Api.HangUpAsync(id);
        _line!.Mend();
        Assert.Equal(CallEnd.Cancelled, await ringing.EndsAsync());
        await EndsAsync(id, CallResult.Cancelled, CallReasons.HungUpByApi);
    }

    [Fact(DisplayName = "D6: what a phone asks while the link is broken is answered by the worker that has the call when it is back: hold, then its hanging up")]
    public async Task Asked_meanwhile()
    {
        await using var phone = await Phones.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await KnownAsync("101");
        var id = await OriginateAsync("echo");
        var call = await phone.RingsAsync();
        await Calls.Functions.EventAsync(id, CallEventType.CallConnected);
        await CutAsync();
        var held = call.ReinviteAsync("sendonly");
        _line!.Mend();
        Assert.Equal("recvonly", await held);
        await CutAsync();
        var bye = call.HangUpAsync();
        _line.Mend();
        await bye;
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact(DisplayName = "D6: over a phone's TCP connection nothing is repeated: its answer and its hanging up while the link is broken arrive when it is back")]
    public async Task Answered_meanwhile_by_connection()
    {
        await using var device = await DeviceAsync();
        var id = await OriginateAsync("echo");
        var invite = await device.RequestAsync();
        device.Ring(invite, null);
        await Calls.Functions.EventAsync(id, CallEventType.LegRinging);
        await CutAsync();
        var dialog = device.Answer(invite, SipUa.Sdp("8"), contactUri: Contact);
        _line!.Mend();
        await Calls.Functions.EventAsync(id, CallEventType.CallConnected);
        await CutAsync();
        var bye = device.AskAsync(dialog, SipMethod.Bye);
        _line.Mend();
        Assert.Equal(200, (await bye).Status);
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact(DisplayName = "D6: a phone on a TCP connection is hung up by what was sent while the link was broken")]
    public async Task Hung_up_meanwhile_by_connection()
    {
        await using var device = await DeviceAsync();
        var id = await OriginateAsync("echo");
        device.Answer(await device.RequestAsync(), SipUa.Sdp("8"), contactUri: Contact);
        await Calls.Functions.EventAsync(id, CallEventType.CallConnected);
        await CutAsync();
        var ordered = Calls.Api.HangUpAsync(id);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
        _line!.Mend();
        var bye = await device.InDialogAsync();
        Assert.Equal(SipMethod.Bye, bye.Request.Method);
        bye.Respond(200);
        await ordered;
    }

    [Fact(DisplayName = "D6: a registration that ends while the link is broken is not called when it is back")]
    public async Task Left_meanwhile()
    {
        await using var device = await DeviceAsync();
        await using var other = await Phones.PhoneAsync("102-a");
        await KnownAsync("102");
        await CutAsync();
        Assert.NotEmpty(Calls.Server.Fellows!.Find(WorkerRig.Domain, "101"));
        Assert.Equal(200, (await device.RegisterAsync("101-a", $"<{Contact}>", expires: 0)).Status);
        _line!.Mend();
        await KnownAsync("101", 0);
        await EndsAsync(await OriginateAsync("echo"), CallResult.Failed, CallReasons.UserNotRegistered);
        Assert.NotEmpty(Calls.Server.Fellows.Find(WorkerRig.Domain, "102"));
    }

    [Fact(DisplayName = "D6: a worker that is to go waits for the calls of one whose link is broken for a moment")]
    public async Task Leaves_meanwhile()
    {
        await using var phone = await Phones.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await KnownAsync("101");
        var id = await OriginateAsync("echo");
        var call = await phone.RingsAsync();
        await Calls.Functions.EventAsync(id, CallEventType.CallConnected);
        // However slow the machine is: the answer alone lets it go.
        Phones.Server.Fellows!.UseLimit = TimeSpan.FromMinutes(10);
        await CutAsync();
        var drained = Phones.Server.DrainAsync(CancellationToken.None);
        _line!.Mend();
        Assert.Equal("recvonly", await call.ReinviteAsync("sendonly"));
        Assert.False(drained.IsCompleted);
        await call.HangUpAsync();
        await EndsAsync(id, CallResult.Answered, CallReasons.UserHungUp);
        await drained.WaitAsync(Patience.Limit);
    }

    [Fact(DisplayName = "D6: a worker that is known by two addresses is reached by one of them, and a worker that is named to itself not at all")]
    public async Task Known_by_two_addresses()
    {
        await using var phone = await Phones.PhoneAsync("101-a");
        await KnownAsync("101");
        await using var toItself = new BreakableLine(Calls.ControlUrl);
        await using var again = new BreakableLine(Phones.ControlUrl);
        Calls.Server.Fellows!.Know([_line!.Entry, again.Entry, toItself.Entry]);
        await again.Ended.WaitAsync(_ => true, "the end of the second way");
        await toItself.Ended.WaitAsync(_ => true, "the end of the way to itself");
        Assert.Equal((3, 1), (Calls.Server.Fellows.State.Known, Calls.Server.Fellows.State.Reached));
        Assert.Equal(0, _line.Ended.Count);
        var id = await OriginateAsync("echo");
        (await phone.RingsAsync()).Reject(486);
        await EndsAsync(id, CallResult.Busy, CallReasons.UserBusy);
    }

    protected override void Introduce()
    {
        _line = new BreakableLine(Phones.ControlUrl);
        // However slow the machine is: the line is mended before the link is given up.
        Calls.Server.Fellows!.Grace = TimeSpan.FromMinutes(10);
        Calls.Server.Fellows.Know([_line.Entry]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_line is not null) await _line.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<SipUa> DeviceAsync()
    {
        var device = new SipUa(Tcp, kind: SipTransportKind.Tcp);
        Assert.Equal(200, (await device.RegisterAsync("101-a", $"<{Contact}>")).Status);
        await KnownAsync("101");
        return device;
    }

    private async Task CutAsync()
    {
        // Only one that is up breaks: after it was mended it may still be on its way.
        await Calls.Server.Fellows!.WhenAsync(known => known.State.Reached == 1).WaitAsync(Patience.Limit);
        _line!.Cut();
        await Calls.Server.Fellows.WhenAsync(known => known.State.Reached == 0).WaitAsync(Patience.Limit);
    }
}
