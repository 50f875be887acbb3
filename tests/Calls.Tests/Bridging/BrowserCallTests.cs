using System.Net;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Media.Plane;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Tests.Bridging;

/// <summary>Browsers within a call, which are gone without a word, hang up while they are asked about, and press faster than back ends answer.</summary>
public sealed class BrowserCallTests
{
    [Theory(DisplayName = "D4: a browser that transfers may hang up or be lost while the target rings, and the other side stays")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Transferor_that_is_lost_leaves_the_others_to_talk(bool hangsUp)
    {
        await using var rig = await CallRig.BeginAsync();
        var (user, far) = await rig.TalkAsync();
        var (sound, _) = await rig.SoundAsync();
        var target = await rig.TransferAsync("103");
        if (hangsUp) user.HangsUp();
        rig.Call.Hear(new PathLost(sound, PathFault.Consent));
        await rig.SettleAsync();
        Assert.Equal(CallState.Connected, rig.Call.Snapshot.State);
        Assert.Equal(!hangsUp, user.WasEnded);
        target.Answers();
        await rig.SettleAsync();
        Assert.Equal((CallState.Connected, null), (rig.Call.Snapshot.State, rig.Call.Snapshot.Talk!.Transfer));
        Assert.False(far.WasEnded);
        Assert.False(target.WasEnded);
    }

    [Fact(DisplayName = "F2: a browser that is lost ends the call it talks in")]
    public async Task Browser_that_is_lost_ends_its_call()
    {
        await using var rig = await CallRig.BeginAsync();
        var (user, far) = await rig.TalkAsync();
        rig.Call.Hear(new PathLost((await rig.SoundAsync()).First, PathFault.Consent));
        Assert.Equal(CallReasons.MediaTimeout, (await user.Ended).Text);
        Assert.Equal(CallReasons.MediaTimeout, (await far.Ended).Text);
        await rig.Call.Ended.WaitAsync(Patience.Limit);
        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.MediaTimeout), rig.Call.Snapshot.Outcome);
    }

    [Theory(DisplayName = "F2: who hangs up while its answer is still being asked about has not answered, and the call ends")]
    [InlineData(false, CallReasons.UserNoAnswer)]
    [InlineData(true, CallReasons.DestinationNoAnswer)]
    public async Task Hang_up_before_the_answer_was_allowed_ends_the_call(bool isDestination, string reason)
    {
        var says = new TaskCompletionSource<HookRefusal?>();
        await using var rig = await CallRig.BeginAsync(isDestination ? "102" : "101", isDestination ? "103" : "102");
        rig.Hooks.Acts = (kind, _) => kind == BrowserActKind.Answer ? says.Task : Task.FromResult<HookRefusal?>(null);
        var rung = await rig.RingsAsync();
        rung.Answers();
        if (isDestination) rung = await rig.RingsAsync();
        if (isDestination) rung.Answers();
        rung.HangsUp();
        await rig.Call.Ended.WaitAsync(Patience.Limit);
        says.SetResult(null);
        Assert.Equal(new CallOutcome(CallResult.NoAnswer, reason, 487), rig.Call.Snapshot.Outcome);
    }

    [Fact(DisplayName = "F2: a browser is not asked about, nor charged for, a transfer that cannot begin, and one question is out at a time")]
    public async Task Transfers_that_cannot_begin_cost_nothing()
    {
        var says = new TaskCompletionSource<CallAnswer>();
        await using var rig = await CallRig.BeginAsync();
        var (user, _) = await rig.TalkAsync();
        rig.Hooks.Over = _ => user.Browser;
        rig.Hooks.Dials = _ => says.Task;
        PlayedReferral first = new(), second = new(), third = new();
        user.Tells(new LegNews.Referred(first));
        user.Tells(new LegNews.Referred(second));
        Assert.Equal(491, await second.Refused);
        Assert.Single(rig.Hooks.Questions);
        says.SetResult(new CallAnswer.Accepted("103"));
        await rig.RingsAsync();
        user.Tells(new LegNews.Referred(third));
        Assert.Equal(491, await third.Refused);
        Assert.Single(rig.Hooks.Questions);
    }

    private sealed class PlayedReferral : IReferral
    {
        private readonly TaskCompletionSource<int> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<int> Refused => _refused.Task.WaitAsync(Patience.Limit);

        public ReferTarget Target { get; } = new(SipUri.Create("103", WorkerRig.Domain));

        public SipFlow Flow { get; } = new(SipTransportKind.Wss, new IPEndPoint(IPAddress.Loopback, 1));

        public string? ReferredBy => null;

        public void Accept()
        {
        }

        public void Refuse(int status) => _refused.TrySetResult(status);

        public void Progress(int status)
        {
        }
    }
}
