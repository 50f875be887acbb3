using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Interop.Worker;
using ClickToDial.TestKit.Baresip;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Baresip;

/// <summary>What people do on their phones during a call: hold, resume, and transfer, each heard at the other end.</summary>
[Collection(WorkerFixture.Collection)]
public sealed class BaresipTransferTests(WorkerFixture fixture) : IDisposable
{
    private const double AnnHertz = 440;
    private const double BobHertz = 660;
    private const double CidHertz = 1150;

    private readonly PortBlock _ports = PortBlock.Take();

    public void Dispose() => _ports.Dispose();

    // What baresip hears after a re-INVITE it records no more: a scripted phone listens.
    [Fact(DisplayName = "Hold and resume by baresip: the other hears music, and then it again")]
    public async Task Phone_that_holds_lets_the_other_hear_music_until_it_resumes()
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var ann = await fixture.BaresipAsync(AnnHertz, _ports);
        await using var bob = await fixture.PhoneAsync(BobHertz);
        var call = await fixture.ClickAsync(bob.User, user: ann.User);
        await ann.RingsAsync();
        await ann.AnswerAsync();
        var far = await bob.RingsAsync();
        await far.AnswerAsync();
        await far.HearsAsync(AnnHertz);
        await ann.HearsAsync(BobHertz);

        await ann.HoldAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallHeld);
        await far.HearsAsync(WorkerFixture.HoldHertz);
        var heard = far.Heard.Count;
        await ann.ResumeAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallResumed);
        await far.HearsAsync(AnnHertz, heard);

        await ann.HangUpAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        Assert.Equal(CallReasons.UserHungUp, (await fixture.Functions.EndAsync(call)).Outcome!.Reason);
    }

    [Theory(DisplayName = "Blind transfer by either end's phone (RFC 3515)")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_stays_hears_whom_the_phone_has_transferred_it_to(bool calleeTransfers)
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var ann = await fixture.BaresipAsync(AnnHertz, _ports);
        await using var bob = await fixture.BaresipAsync(BobHertz, _ports);
        await using var cid = await fixture.BaresipAsync(CidHertz, _ports);
        var call = await TalkAsync(ann, bob);
        var (leaves, stays, heard) = calleeTransfers ? (bob, ann, AnnHertz) : (ann, bob, BobHertz);

        await leaves.TransferAsync($"sip:{cid.User}@{WorkerFixture.Domain}");
        await cid.RingsAsync();
        await cid.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallTransferred);
        await leaves.EndsAsync();
        await stays.HearsAsync(CidHertz);
        await cid.HearsAsync(heard);
        await cid.HangUpAsync();
        await stays.EndsAsync();
        await fixture.Functions.EndAsync(call);
    }

    [Fact(DisplayName = "Attended transfer by REFER with Replaces (RFC 3891)")]
    public async Task Who_stays_takes_over_the_second_call_of_the_phone_that_transfers()
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var ann = await fixture.PhoneAsync(AnnHertz);
        await using var bob = await fixture.BaresipAsync(BobHertz, _ports);
        await using var cid = await fixture.PhoneAsync(CidHertz);
        var call = await fixture.ClickAsync(bob.User, user: ann.User);
        var stays = await ann.RingsAsync();
        await stays.AnswerAsync();
        await bob.RingsAsync();
        await bob.AnswerAsync();
        await stays.HearsAsync(BobHertz);
        await bob.HoldAsync();
        await stays.HearsAsync(WorkerFixture.HoldHertz);
        await bob.DialAsync($"sip:{cid.User}@{WorkerFixture.Domain}");
        var asked = await cid.RingsAsync();
        await asked.AnswerAsync();
        await asked.HearsAsync(BobHertz);

        var (callId, local, remote) = bob.LastDialled();
        await bob.TakeLineAsync(1);
        await bob.TransferAsync($"<sip:{cid.User}@{WorkerFixture.Domain}?Replaces={callId}%3Bto-tag%3D{remote}%3Bfrom-tag%3D{local}>");
        await fixture.Functions.EventAsync(call, CallEventType.CallTransferred);
        await stays.HearsAsync(CidHertz);
        await asked.HearsAsync(AnnHertz);
        await asked.HangUpAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await stays.EndsAsync());
        await fixture.Functions.EndAsync(call);
    }

    private async Task<CallId> TalkAsync(BaresipPhone caller, BaresipPhone callee)
    {
        var call = await fixture.ClickAsync(callee.User, user: caller.User);
        await caller.RingsAsync();
        await caller.AnswerAsync();
        await callee.RingsAsync();
        await callee.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);
        return call;
    }
}
