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
using Microsoft.Extensions.Logging.Abstractions;

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

    [Theory(DisplayName = "F2, F4: a browser that is lost ends the call it talks in; one that cannot be talked to in secret has a reason of its own")]
    [InlineData(PathFault.Consent, CallReasons.MediaTimeout, "consent")]
    [InlineData(PathFault.Handshake, CallReasons.MediaEncryptionFailed, "handshake")]
    [InlineData(PathFault.Fingerprint, CallReasons.MediaEncryptionFailed, "fingerprint")]
    public async Task Browser_that_is_lost_ends_its_call(PathFault fault, string reason, string counted)
    {
        await using var rig = await CallRig.BeginAsync();
        var faults = rig.Count("clicktodial.media.lost_paths");
        var (user, far) = await rig.TalkAsync();
        rig.Call.Hear(new PathLost((await rig.SoundAsync()).First, fault));
        Assert.Equal(reason, (await user.Ended).Text);
        Assert.Equal(reason, (await far.Ended).Text);
        await rig.Call.Ended.WaitAsync(Patience.Limit);
        Assert.Equal(new CallOutcome(CallResult.Answered, reason), rig.Call.Snapshot.Outcome);
        Assert.Equal([counted], faults);
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

    [Fact(DisplayName = "F2: a browser that a transfer rings answers only when its back end lets it")]
    public async Task Target_that_may_not_answer_does_not_come_in()
    {
        await using var rig = await CallRig.BeginAsync();
        var (user, far) = await rig.TalkAsync();
        rig.Hooks.Acts = (kind, _) => No(kind);
        var target = await rig.TransferAsync("103");
        target.Answers();
        await rig.SettleAsync();
        Assert.Equal((CallState.Connected, null), (rig.Call.Snapshot.State, rig.Call.Snapshot.Talk!.Transfer));
        Assert.Equal((true, false, false), (target.WasEnded, user.WasEnded, far.WasEnded));
    }

    [Fact(DisplayName = "F2: a browser that calls to take a place in a call takes it only when its back end lets it")]
    public async Task Comer_that_may_not_answer_does_not_come_in()
    {
        await using var rig = await CallRig.BeginAsync();
        var (_, far) = await rig.TalkAsync();
        rig.Hooks.Acts = (kind, _) => No(kind);
        await using var here = new SipUa(new IPEndPoint(IPAddress.Loopback, 1));
        await using var there = new SipUa(here.Address);
        var dialled = there.Dial("102", SipUa.Sdp("8"));
        var context = new LegContext(
            here.Endpoint, TimeProvider.System, Random.Shared, new Farewells(), new SrtpPolicy(new SrtpOptions(), NullLogger.Instance), new SignallingOptions());
        var comer = new IncomingLeg(
            context, rig.Call, rig.Call.NextComerId(), far.Role, await here.RequestAsync(), SipUri.Parse($"sip:ua@{here.Address}"))
        {
            Device = BrowserDevice.Name,
            Browser = PlayedHooks.SessionOf("103"),
        };
        rig.Call.Ask(new CallRequest.TakePlace(far, comer));
        Assert.Equal(403, (await dialled.FinalAsync()).Status);
        await rig.SettleAsync();
        Assert.False(far.WasEnded);
    }

    [Fact(DisplayName = "F2: keys that a back end is asked about come through one by one in their order, and no more than 16 wait")]
    public async Task Keys_keep_their_order()
    {
        const string keys = "0123456789*#ABCD";
        var says = new TaskCompletionSource<HookRefusal?>();
        await using var rig = await CallRig.BeginAsync();
        var (user, far) = await rig.TalkAsync();
        rig.Hooks.Asked.Clear();
        rig.Hooks.Acts = (_, key) => key == keys[0] ? says.Task : Task.FromResult<HookRefusal?>(null);
        foreach (var key in keys + "1234") user.Tells(new LegNews.Digit(key));
        await rig.SettleAsync();
        Assert.Single(rig.Hooks.Asked);
        says.SetResult(null);
        foreach (var key in keys) Assert.Equal(key, await far.Keys.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit));
        await rig.SettleAsync();
        Assert.False(far.Keys.Reader.TryRead(out _));
        Assert.Equal(keys.Length, rig.Hooks.Asked.Count);
    }

    [Fact(DisplayName = "F2: a key that is let through when its browser has left the call reaches nobody")]
    public async Task Key_of_who_has_left_reaches_nobody()
    {
        TaskCompletionSource<HookRefusal?> says = new(), next = new();
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await CallRig.BeginAsync();
        var (user, far) = await rig.TalkAsync();
        rig.Hooks.Acts = (_, key) =>
        {
            if (key == '2') isAsked.SetResult();
            return key == '1' ? says.Task : key == '2' ? next.Task : Task.FromResult<HookRefusal?>(null);
        };
        user.Tells(new LegNews.Digit('1'));
        user.Tells(new LegNews.Digit('2'));
        (await rig.TransferAsync("102")).Answers();
        await user.Ended;
        says.SetResult(null);
        await isAsked.Task.WaitAsync(Patience.Limit); // So the first has been decided.
        await rig.SettleAsync();
        Assert.False(far.Keys.Reader.TryRead(out _));
    }

    [Fact(DisplayName = "F2: a key that was heard beside the sound is told of, and nobody is asked")]
    public async Task Heard_key_is_told_of()
    {
        await using var rig = await CallRig.BeginAsync();
        var (user, _) = await rig.TalkAsync();
        rig.Call.Hear(new DigitPressed((await rig.SoundAsync()).First, '5'));
        await rig.SettleAsync();
        Assert.Equal([(user.Browser!, BrowserActKind.SendDtmf, '5')], rig.Hooks.Told);
        Assert.DoesNotContain(rig.Hooks.Asked, act => act.Kind == BrowserActKind.SendDtmf);
    }

    [Theory(DisplayName = "F3: what a browser does goes out under its present token, unless that is another user's")]
    [InlineData("101", "s2")]
    [InlineData("102", "s1")]
    public async Task Acts_go_out_under_the_present_token(string nowOf, string session)
    {
        await using var rig = await CallRig.BeginAsync();
        var (user, _) = await rig.TalkAsync();
        rig.Hooks.Over = flow => flow.Equals(PlayedHooks.Connection) ? PlayedHooks.SessionOf(nowOf, "s2") : null;
        user.Tells(new LegNews.Digit('1'));
        await rig.SettleAsync();
        Assert.Equal(session, rig.Hooks.Asked.Last().Browser.Id);
    }

    [Theory(DisplayName = "F3: where a browser sends a call on to is decided by who decides for it, also within the domain")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Browser_sends_a_call_on(bool allowed)
    {
        await using var rig = await CallRig.BeginAsync("102", "103");
        rig.Hooks.Dials = _ => Task.FromResult<CallAnswer>(allowed ? new CallAnswer.Accepted("101") : new CallAnswer.Refused(new HookRefusal(403, "no")));
        (await rig.RingsAsync()).Answers();
        var browser = await rig.RingsAsync();
        browser.Tells(new LegNews.Failed(302) { Target = SipUri.Create("102", WorkerRig.Domain) });
        if (allowed) (await rig.RingsAsync()).Answers(); // Who was put in the place of whom it named.
        await rig.SettleAsync();
        Assert.Equal(allowed ? CallState.Connected : CallState.Ended, rig.Call.Snapshot.State);
        var asked = Assert.Single(rig.Hooks.Questions);
        Assert.Equal(("103", "102", "103"), (asked.User, asked.Number, asked.Browser!.Identity.User));
    }

    private static Task<HookRefusal?> No(BrowserActKind kind) => Task.FromResult(kind == BrowserActKind.Answer ? new HookRefusal(403, "not-now") : null);

    private sealed class PlayedReferral : IReferral
    {
        private readonly TaskCompletionSource<int> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<int> Refused => _refused.Task.WaitAsync(Patience.Limit);

        public ReferTarget Target { get; } = new(SipUri.Create("103", WorkerRig.Domain));

        public SipFlow Flow => PlayedHooks.Connection;

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
