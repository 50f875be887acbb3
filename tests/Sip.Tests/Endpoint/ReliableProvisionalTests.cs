using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>RFC 3262 on the wire, as UAS and as UAC.</summary>
public sealed class ReliableProvisionalTests
{
    private const string Required = "Require: 100rel\n";
    private const string Description = "Content-Type: application/sdp\nContent-Length: 3\n\nv=0";

    [Fact(DisplayName = "As UAS: repeated at doubling intervals until its PRACK, the next one only then")]
    public async Task Repeated_until_acknowledged()
    {
        await using var rig = NewRig();
        var invite = await InviteAsync(rig);
        invite.Respond(180);
        invite.Respond(183);
        await rig.Advance(TimeSpan.FromSeconds(3.6));
        var sent = rig.Sent().Cast<SipResponse>().Where(r => r.Status > 100).ToList();
        Assert.Equal([180, 180, 180, 180], sent.Select(r => r.Status)); // 0, 0.5, 1.5, 3.5 s
        var first = ReliableAck.ReadSequence(sent[0].Headers)!.Value;
        Assert.All(sent, r => Assert.Equal((first, "100rel"), (ReliableAck.ReadSequence(r.Headers)!.Value, r.Headers.Get(HeaderName.Require))));

        await PrackAsync(rig, invite, first + 1, 2);
        Assert.Equal("481", rig.SentWords());
        await PrackAsync(rig, invite, first, 3);
        var after = rig.Sent().Cast<SipResponse>().ToList();
        Assert.Equal([200, 183], after.Select(r => r.Status));
        Assert.Equal(first + 1, ReliableAck.ReadSequence(after[1].Headers));
        await PrackAsync(rig, invite, first, 4);
        Assert.StartsWith("481", rig.SentWords(), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "As UAS: a success waits for the PRACK of a description, a refusal for nothing")]
    public async Task Success_waits_for_the_description()
    {
        await using var rig = NewRig();
        var invite = await InviteAsync(rig, Description);
        Answer(invite, 183);
        Answer(invite, 200);
        await rig.Settle();
        var progress = rig.Sent().Cast<SipResponse>().Single();
        Assert.Equal(183, progress.Status);
        await PrackAsync(rig, invite, ReliableAck.ReadSequence(progress.Headers)!.Value, 2);
        Assert.Equal("200 200", rig.SentWords());

        var other = await InviteAsync(rig, Description, "other");
        Answer(other, 183);
        other.Respond(486);
        await rig.Settle();
        Assert.Equal("183 486", rig.SentWords());
    }

    [Fact(DisplayName = "As UAS: a success does not wait for a PRACK where nothing was described")]
    public async Task Success_without_description_waits_for_nothing()
    {
        await using var rig = NewRig();
        var invite = await InviteAsync(rig);
        invite.Respond(180);
        invite.Respond(200);
        await rig.Settle();
        Assert.Equal("180 200", rig.SentWords());
    }

    [Fact(DisplayName = "As UAS: a PRACK that crosses the success is answered, before and after the ACK")]
    public async Task Prack_crosses_the_success()
    {
        await using var rig = NewRig();
        var invite = await InviteAsync(rig);
        invite.Respond(180);
        await rig.Settle();
        var sequence = ReliableAck.ReadSequence(rig.Sent().Single().Headers)!.Value;
        rig.Accept(invite);
        await rig.Settle();
        await PrackAsync(rig, invite, sequence + 1, 2);
        Assert.Equal("200 481", rig.SentWords());
        await PrackAsync(rig, invite, sequence, 3);
        Assert.Equal("200", rig.SentWords());

        var second = await InviteAsync(rig, callId: "second");
        second.Respond(180);
        await rig.Settle();
        sequence = ReliableAck.ReadSequence(rig.Sent().Single().Headers)!.Value;
        rig.Accept(second);
        await rig.Receive(StackRig.Request("ACK", "z9hG4bKack", toTag: second.LocalTag, callId: "second"));
        Assert.Equal("200", rig.SentWords());
        await PrackAsync(rig, second, sequence, 5);
        Assert.Equal("200", rig.SentWords());
    }

    [Theory(DisplayName = "As UAS: the offer in a PRACK that crosses the success reaches the call, also after the ACK; once there was a PRACK nobody is kept for another")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prack_with_an_offer_crosses_the_success(bool isAcknowledged)
    {
        await using var rig = NewRig();
        var invite = await InviteAsync(rig, Description);
        SipRequest? offer = null;
        invite.Pracked = prack =>
        {
            offer = prack.Request;
            prack.Respond(200);
        };
        invite.Respond(180);
        await rig.Settle();
        var sequence = ReliableAck.ReadSequence(rig.Sent().Single().Headers)!.Value;
        if (isAcknowledged) await PrackAsync(rig, invite, sequence, 2);
        rig.Accept(invite);
        await rig.Receive(StackRig.Request("ACK", "z9hG4bKack", toTag: invite.LocalTag));
        rig.Sent();
        if (!isAcknowledged)
        {
            await PrackAsync(rig, invite, sequence, 3, Description);
            Assert.Equal("200", rig.SentWords());
        }

        Assert.Equal((isAcknowledged, isAcknowledged), (offer is null, invite.Pracked is null));
    }

    [Fact(DisplayName = "As UAS: without a PRACK for 64*T1 the INVITE is refused")]
    public async Task Never_acknowledged()
    {
        await using var rig = NewRig();
        var invite = await InviteAsync(rig);
        TransactionFailure? failure = null;
        invite.Failed = f => failure = f;
        invite.Respond(180);
        await rig.Advance(TransactionTimers.Rfc3261.Lifetime + TimeSpan.FromMilliseconds(50));
        Assert.EndsWith("180 500", rig.SentWords(), StringComparison.Ordinal);
        Assert.Equal(TransactionFailure.Timeout, failure);
    }

    [Theory(DisplayName = "As UAS: reliably where the caller requires it, and by option where it supports it")]
    [InlineData("Require: 100rel\n", ReliablePolicy.WhenRequired, true)]
    [InlineData("Supported: 100rel\n", ReliablePolicy.WhenRequired, false)]
    [InlineData("Supported: 100rel\n", ReliablePolicy.WhenSupported, true)]
    [InlineData("", ReliablePolicy.WhenSupported, false)]
    public async Task Policy(string header, ReliablePolicy policy, bool reliable)
    {
        await using var rig = new StackRig(options => options with { SupportedExtensions = ["100rel"], ReliableProvisionals = policy });
        await rig.Receive(StackRig.Request("INVITE", extra: header));
        rig.Requests.Single().Respond(180);
        await rig.Settle();
        Assert.Equal(reliable, ((SipResponse)rig.Sent().Single()).Headers.Contains(HeaderName.RSeq));
        Assert.Equal(reliable, rig.Requests.Single().IsReliable);
    }

    [Fact(DisplayName = "RFC 3262 section 5: the answer to an offer of ours in a provisional response comes with the PRACK")]
    public async Task Answer_in_prack()
    {
        await using var rig = NewRig();
        var invite = await InviteAsync(rig);
        SipRequest? answer = null;
        invite.Pracked = prack =>
        {
            answer = prack.Request;
            prack.Respond(200);
        };
        Answer(invite, 183);
        await rig.Settle();
        await PrackAsync(rig, invite, ReliableAck.ReadSequence(rig.Sent().Single().Headers)!.Value, 2, Description);
        Assert.Equal(3, answer!.Body.Length);
        Assert.Equal("200", rig.SentWords());
    }

    [Fact(DisplayName = "As UAC: acknowledged in order, once each, branch by branch")]
    public async Task Acknowledged_in_order()
    {
        await using var rig = NewRig();
        var invite = await rig.Invite();
        await ProgressAsync(rig, invite, "one", 10);
        await ProgressAsync(rig, invite, "one", 10); // A repeat.
        await ProgressAsync(rig, invite, "one", 12); // One is missing before it.
        await ProgressAsync(rig, invite, "two", 5);
        await ProgressAsync(rig, invite, "one", 11);
        var pracks = rig.Sent().Cast<SipRequest>().ToList();
        Assert.All(pracks, prack => Assert.Equal(SipMethod.Prack, prack.Method));
        Assert.Equal(
            [("one", "10 1 INVITE", 2u), ("two", "5 1 INVITE", 2u), ("one", "11 1 INVITE", 3u)],
            pracks.Select(p => (p.To.Tag!, p.Headers.Get(HeaderName.RAck)!, p.CSeq.Number)));
        Assert.Equal(3, rig.Progress.Count);
    }

    [Fact(DisplayName = "RFC 3262 section 3: an INVITE that is sent again begins new numbers, also under the tag that the peer keeps")]
    public async Task Numbers_begin_anew_with_the_next_INVITE()
    {
        await using var rig = NewRig();
        var invite = await rig.Invite(new ClickToDial.Sip.Authentication.DigestClient("a", "secret", rig.Endpoint.Tokens));
        await ProgressAsync(rig, invite, "one", 10);
        Assert.Equal("PRACK", rig.SentWords());
        await rig.Answer(invite, 401, "one", null, (HeaderName.WwwAuthenticate, "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5"));
        var again = rig.Sent().OfType<SipRequest>().Single(r => r.Method == SipMethod.Invite);
        await ProgressAsync(rig, again, "one", 70);
        Assert.Equal($"70 {again.CSeq}", ((SipRequest)rig.Sent().Single()).Headers.Get(HeaderName.RAck));
    }

    [Fact(DisplayName = "As UAC: a peer that makes up branch after branch gets 32 of them, and its answer is taken all the same")]
    public async Task Branches_are_bounded()
    {
        await using var rig = NewRig();
        var invite = await rig.Invite();
        for (var i = 0; i < 40; i++) await ProgressAsync(rig, invite, "branch" + i, 1);
        Assert.Equal(32, rig.Progress.Count);
        Assert.Equal(32, (await rig.Endpoint.MeasureLoadAsync()).Dialogs);
        await rig.Answer(invite, 200, "another");
        Assert.Equal("another", rig.Accepted.Single().Id.RemoteTag);
    }

    [Fact(DisplayName = "As UAC: an offer in a provisional response is answered in its PRACK")]
    public async Task Offer_answered_in_prack()
    {
        await using var rig = NewRig();
        var invite = await rig.Invite();
        var response = ResponseFactory.Create(invite, 183, null, "t");
        response.Headers.Add(HeaderName.Contact, "<sip:bob@192.0.2.9>").Add(HeaderName.Require, "100rel").Add(HeaderName.RSeq, "1");
        response.SetBody("v=0"u8.ToArray(), "application/sdp");
        await rig.Receive(response);
        Assert.Equal("", rig.SentWords());
        rig.Call.AnswerProvisional(rig.Progress.Single().Dialog!, "v=1"u8.ToArray(), "application/sdp");
        await rig.Settle();
        Assert.Equal("v=1"u8.ToArray(), ((SipRequest)rig.Sent().Single()).Body.ToArray());
    }

    [Fact(DisplayName = "RFC 3261 section 21.4.15: who wants the extension offered gets it offered")]
    public async Task Extension_required()
    {
        await using var rig = NewRig();
        await rig.Answer(await rig.Invite(), 421, "t", null, (HeaderName.Require, "100rel"));
        var again = rig.Sent().OfType<SipRequest>().Single(r => r.Method == SipMethod.Invite);
        Assert.True(again.Headers.HasToken(HeaderName.Supported, "100rel"));
        await rig.Answer(again, 421, "t", null, (HeaderName.Require, "100rel"));
        Assert.Equal(421, rig.Failed.Single().Status);
    }

    [Fact(DisplayName = "RFC 3261 section 16.8: timer C ends a branch that rang and says no more, and a late answer is ended too")]
    public async Task Timer_c()
    {
        await using var rig = new StackRig(options => options with { Timers = TransactionTimers.Rfc3261 with { TimerC = TimeSpan.FromSeconds(5) } });
        var invite = await rig.Invite();
        await rig.Answer(invite, 180, "t");
        await rig.Advance(TimeSpan.FromSeconds(4));
        await rig.Answer(invite, 180, "t");
        await rig.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(rig.Failed);
        await rig.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(408, rig.Failed.Single().Status);
        Assert.StartsWith("CANCEL", rig.SentWords(), StringComparison.Ordinal);
        await rig.Answer(invite, 200, "t");
        Assert.EndsWith("ACK BYE", rig.SentWords(), StringComparison.Ordinal);
        Assert.Single(rig.Failed);
    }

    private static StackRig NewRig() => new(options => options with { SupportedExtensions = ["100rel"] });

    private static async Task<ServerTransaction> InviteAsync(StackRig rig, string body = "", string callId = "in")
    {
        await rig.Receive(StackRig.Request("INVITE", "z9hG4bK" + callId, extra: Required + body, callId: callId).TrimEnd('\n') + (body.Length > 0 ? "" : "\n\n"));
        return rig.Requests[^1];
    }

    private static Task PrackAsync(StackRig rig, ServerTransaction invite, uint sequence, int cseq, string body = "") => rig.Receive(
        StackRig.Request("PRACK", $"z9hG4bKp{cseq}", cseq, invite.LocalTag, $"RAck: {sequence} 1 INVITE\n" + body, callId: invite.Request.CallId)
            .TrimEnd('\n') + (body.Length > 0 ? "" : "\n\n"));

    private static Task ProgressAsync(StackRig rig, SipRequest invite, string tag, uint sequence) => rig.Answer(
        invite, 183, tag, "<sip:bob@192.0.2.9>", (HeaderName.Require, "100rel"), (HeaderName.RSeq, sequence.ToString()));

    private static void Answer(ServerTransaction invite, int status)
    {
        var response = invite.CreateResponse(status);
        response.Headers.Add(HeaderName.Contact, "<sip:alice@192.0.2.1>");
        response.SetBody("v=0"u8.ToArray(), "application/sdp");
        invite.Respond(response);
    }
}
