using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>Two endpoints over real loopback sockets.</summary>
public sealed class CallTests
{
    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task A_call_rings_is_answered_acknowledged_and_ended(SipTransportKind kind)
    {
        await using var alice = new TestPhone(kind);
        await using var bob = new TestPhone(kind);

        alice.Call(bob);
        var invite = await bob.NextRequest();
        var acknowledged = new TaskCompletionSource<SipRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        invite.Acknowledged = acknowledged.SetResult;
        invite.Respond(180);
        var (ringing, early) = await alice.NextProgress();
        Assert.Equal(180, ringing.Status);
        Assert.Equal(DialogState.Early, early!.State);

        var bobs = bob.Accept(invite);
        var (ok, alices) = await alice.NextAccepted();
        Assert.Equal(200, ok.Status);
        Assert.Same(early, alices);
        Assert.Equal(DialogState.Confirmed, alices.State);
        Assert.Equal(SipMethod.Ack, (await acknowledged.Task.WaitAsync(TestPhone.Patience)).Method);

        var ending = alice.Ask(alices, SipMethod.Bye);
        var (dialog, bye) = await bob.NextInDialog();
        Assert.Same(bobs, dialog);
        Assert.Equal(SipMethod.Bye, bye.Request.Method);
        bye.Respond(200);
        Assert.True((await ending).IsSuccess);
    }

    [Fact]
    public async Task The_called_side_can_end_the_call()
    {
        await using var alice = new TestPhone();
        await using var bob = new TestPhone();
        alice.Call(bob);
        var bobs = bob.Accept(await bob.NextRequest());
        await alice.NextAccepted();

        var ending = bob.Ask(bobs, SipMethod.Bye);
        var (_, bye) = await alice.NextInDialog();
        bye.Respond(200);

        Assert.Equal(200, (await ending).Status);
    }

    [Fact]
    public async Task A_refusal_reaches_the_caller()
    {
        await using var alice = new TestPhone();
        await using var bob = new TestPhone();
        alice.Call(bob);
        (await bob.NextRequest()).Respond(486);

        var outcome = await alice.NextFailed();

        Assert.Equal(486, outcome.Response!.Status);
        Assert.Equal("Busy Here", outcome.Response.Reason);
    }

    [Fact]
    public async Task A_cancel_before_any_answer_waits_for_the_first_provisional_one()
    {
        await using var alice = new TestPhone();
        await using var bob = new TestPhone();
        var call = alice.Call(bob);
        call.Cancel();
        var invite = await bob.NextRequest();
        var cancelled = new TaskCompletionSource<SipRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        invite.Cancelled = cancelled.SetResult;
        Assert.False(cancelled.Task.IsCompleted);

        invite.Respond(180);

        Assert.Equal(SipMethod.Cancel, (await cancelled.Task.WaitAsync(TestPhone.Patience)).Method);
        Assert.Equal(487, (await alice.NextFailed()).Status);
    }

    [Fact]
    public async Task An_unknown_method_gets_501_and_an_unwanted_one_405()
    {
        await using var alice = new TestPhone();
        await using var bob = new TestPhone();
        Assert.True(SipMethod.TryParse("FROBNICATE"u8, out var odd));

        Assert.Equal(501, (await alice.Ask(alice.NewRequest(odd, bob), bob)).Status);
        var refused = await alice.Ask(alice.NewRequest(SipMethod.Publish, bob), bob);

        Assert.Equal(405, refused.Status);
        Assert.Contains("INVITE", refused.Response!.Headers.Get(HeaderName.Allow), StringComparison.Ordinal);
    }
}
