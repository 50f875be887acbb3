using System.Net;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Tests.Endpoint;

public sealed class ClientBehaviourTests
{
    private static readonly TimeSpan Lifetime = TransactionTimers.Rfc3261.Lifetime;

    [Fact]
    public async Task An_unanswered_invite_is_repeated_at_doubling_intervals_and_given_up_after_64_T1()
    {
        await using var rig = new StackRig();
        await rig.Invite();
        await rig.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal("INVITE INVITE INVITE INVITE", rig.SentWords()); // 0.5, 1.5, 3.5, 7.5 s

        await rig.Advance(Lifetime - TimeSpan.FromSeconds(7.9));

        Assert.Equal(408, Assert.Single(rig.Failed).Status);
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task On_a_stream_nothing_is_repeated()
    {
        await using var rig = new StackRig(reliable: true);
        await rig.Invite();

        await rig.Advance(Lifetime + TimeSpan.FromMilliseconds(50));

        Assert.Equal("", rig.SentWords());
        Assert.Equal(TransactionFailure.Timeout, rig.Failed.Single().Failure);
    }

    [Fact]
    public async Task A_request_is_repeated_up_to_T2_and_stops_with_its_answer()
    {
        await using var rig = new StackRig();
        var outcomes = new List<RequestOutcome>();
        rig.Endpoint.Request(rig.Endpoint.CreateRequest(SipMethod.Options, SipUri.Parse("sip:192.0.2.9"), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>")), null, outcomes.Add);
        await rig.Advance(TimeSpan.FromSeconds(12));
        var sent = rig.Sent();
        Assert.Equal(6, sent.Count); // 0, 0.5, 1.5, 3.5, 7.5, 11.5 s

        await rig.Answer((SipRequest)sent[0], 200, "t");
        await rig.Advance(TimeSpan.FromSeconds(6));

        Assert.True(Assert.Single(outcomes).IsSuccess);
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task A_refusal_is_acknowledged_with_its_own_branch_each_time_it_comes()
    {
        await using var rig = new StackRig();
        var invite = await rig.Invite();
        await rig.Answer(invite, 486, "t");
        await rig.Answer(invite, 486, "t");

        var acks = rig.Sent().Cast<SipRequest>().ToList();

        Assert.Equal(2, acks.Count);
        Assert.All(acks, ack =>
        {
            Assert.Equal(SipMethod.Ack, ack.Method);
            Assert.Equal(invite.TopVia.Branch, ack.TopVia.Branch);
            Assert.Equal("t", ack.To.Tag);
            Assert.Equal(invite.CSeq.Number, ack.CSeq.Number);
        });
        Assert.Equal(486, Assert.Single(rig.Failed).Status);
    }

    [Fact]
    public async Task A_success_is_acknowledged_each_time_it_comes_with_a_new_branch()
    {
        await using var rig = new StackRig();
        var invite = await rig.Invite();
        await rig.Answer(invite, 200, "t");
        await rig.Answer(invite, 200, "t");

        var acks = rig.Sent().Cast<SipRequest>().ToList();

        Assert.Equal(2, acks.Count);
        Assert.NotEqual(invite.TopVia.Branch, acks[0].TopVia.Branch);
        Assert.Single(rig.Accepted);
    }

    [Fact]
    public async Task Each_branch_of_a_fork_has_its_early_dialog_and_a_second_success_is_ended()
    {
        await using var rig = new StackRig();
        var invite = await rig.Invite();
        await rig.Answer(invite, 180, "one");
        await rig.Answer(invite, 183, "two");
        await rig.Answer(invite, 180, "one");
        Assert.Equal(["one", "two", "one"], rig.Progress.Select(p => p.Dialog!.Id.RemoteTag));
        Assert.Equal(2, rig.Endpoint.Dialogs.Count);

        await rig.Answer(invite, 200, "two");
        Assert.Equal("ACK", rig.SentWords());
        Assert.Equal(1, rig.Endpoint.Dialogs.Count);
        await rig.Answer(invite, 200, "one");

        var sent = rig.Sent().Cast<SipRequest>().ToList();
        Assert.Equal(["ACK", "BYE"], sent.Select(r => r.Method.Name));
        Assert.All(sent, r => Assert.Equal("one", r.To.Tag));
        Assert.Equal("two", Assert.Single(rig.Accepted).Id.RemoteTag);
    }

    [Fact]
    public async Task A_success_that_crosses_the_cancel_is_acknowledged_and_ended()
    {
        await using var rig = new StackRig();
        var invite = await rig.Invite();
        await rig.Answer(invite, 180, "t");
        rig.Call.Cancel();
        await rig.Settle();
        var cancel = (SipRequest)rig.Sent().Single();
        Assert.Equal(invite.TopVia.ToString(), cancel.TopVia.ToString());
        Assert.Equal(new CSeq(1, SipMethod.Cancel), cancel.CSeq);

        await rig.Answer(invite, 200, "t");

        Assert.Equal("ACK BYE", rig.SentWords());
        Assert.Equal(TransactionFailure.Cancelled, rig.Failed.Single().Failure);
        Assert.Empty(rig.Accepted);
        Assert.Equal(0, rig.Endpoint.Dialogs.Count);
    }

    [Fact]
    public async Task A_cancelled_invite_that_is_never_answered_is_given_up()
    {
        await using var rig = new StackRig();
        await rig.Answer(await rig.Invite(), 180, "t");
        rig.Call.Cancel();
        await rig.Settle();

        await rig.Advance(Lifetime + TimeSpan.FromMilliseconds(50));

        Assert.Equal(TransactionFailure.Cancelled, rig.Failed.Single().Failure);
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task A_challenge_is_answered_once_and_its_dialog_counts_on()
    {
        await using var rig = new StackRig();
        var invite = await rig.Invite(new DigestClient("trunk", "secret", new RandomTokens()));
        await rig.Answer(invite, 407, "t1", null, (HeaderName.ProxyAuthenticate, "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""));
        var sent = rig.Sent().Cast<SipRequest>().ToList();
        Assert.Equal(["ACK", "INVITE"], sent.Select(r => r.Method.Name));
        Assert.Equal(2u, sent[1].CSeq.Number);
        Assert.Equal(invite.CallId, sent[1].CallId);
        Assert.Equal(invite.From.Tag, sent[1].From.Tag);
        Assert.NotEqual(invite.TopVia.Branch, sent[1].TopVia.Branch);

        await rig.Answer(sent[1], 200, "t2");
        var ack = (SipRequest)rig.Sent().Single();
        Assert.Equal(2u, ack.CSeq.Number);
        Assert.NotNull(ack.Headers.Get(HeaderName.ProxyAuthorization));

        Assert.Equal(3u, rig.Accepted.Single().CreateRequest(SipMethod.Bye).CSeq.Number);
    }

    [Fact]
    public async Task A_refused_password_fails_with_the_challenge()
    {
        await using var rig = new StackRig();
        var challenge = (HeaderName.WwwAuthenticate, "Digest realm=\"r\", nonce=\"n\"");
        await rig.Answer(await rig.Invite(new DigestClient("trunk", "wrong", new RandomTokens())), 401, "t1", null, challenge);
        await rig.Answer((SipRequest)rig.Sent()[1], 401, "t2", null, challenge);

        Assert.Equal(401, rig.Failed.Single().Status);
        Assert.Equal("ACK", rig.SentWords());
    }

    [Theory]
    [InlineData("<sip:p2;lr>, <sip:192.0.2.50;lr>", "sip:bob@192.0.2.9", "<sip:192.0.2.50;lr> <sip:p2;lr>")]
    [InlineData("<sip:p2;lr>, <sip:192.0.2.50>", "sip:192.0.2.50", "<sip:p2;lr> <sip:bob@192.0.2.9>")]
    public async Task Loose_and_strict_routes_are_followed(string recordRoute, string uri, string routes)
    {
        await using var rig = new StackRig();
        await rig.Answer(await rig.Invite(), 200, "t", "<sip:bob@192.0.2.9>", (HeaderName.RecordRoute, recordRoute));

        var ack = (SipRequest)rig.Sent().Single();

        Assert.Equal(uri, ack.Uri.ToString());
        Assert.Equal(routes, string.Join(' ', ack.Headers.GetAll(HeaderName.Route)));
        Assert.Equal(IPAddress.Parse("192.0.2.50"), rig.Network.SentTo.Last().Remote.Address);
    }

    [Theory]
    [InlineData("<sip:bob@10.1.2.3:5090>", "192.0.2.9", 5060)]
    [InlineData("<sip:bob@abc.invalid>", "192.0.2.9", 5060)]
    [InlineData("<sip:bob@198.51.100.4:5090>", "198.51.100.4", 5090)]
    public async Task A_private_contact_of_a_public_peer_is_reached_where_it_was_heard(string contact, string address, int port)
    {
        await using var rig = new StackRig();
        await rig.Answer(await rig.Invite(), 200, "t", contact);

        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), rig.Network.SentTo.Last().Remote);
    }

    [Theory]
    [InlineData("10.1.2.3", "203.0.113.5")]
    [InlineData("10.4.4.4", "10.4.4.4")]
    public async Task A_phone_reached_through_a_NAT_stays_there_unless_it_names_another_place(string contact, string reached)
    {
        await using var rig = new StackRig();
        var home = new SipFlow(SipTransportKind.Udp, IPEndPoint.Parse(reached == contact ? "10.9.9.9:40000" : "203.0.113.5:40000"));
        var invite = rig.Endpoint.CreateRequest(SipMethod.Invite, SipUri.Parse("sip:bob@10.1.2.3"), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>"), SipUri.Parse("sip:a@192.0.2.1"));
        rig.Endpoint.Invite(invite, home, rig);
        await rig.Settle();

        await rig.Answer((SipRequest)rig.Sent().Single(), 200, "t", $"<sip:bob@{contact}>");

        Assert.Equal(IPAddress.Parse(reached), rig.Network.SentTo.Last().Remote.Address);
    }

    [Fact]
    public async Task A_registered_phone_is_reached_where_it_registers_from_now()
    {
        await using var rig = new StackRig();
        var current = new SipFlow(SipTransportKind.Udp, IPEndPoint.Parse("203.0.113.5:40000"));
        var invite = rig.Endpoint.CreateRequest(SipMethod.Invite, SipUri.Parse("sip:bob@198.51.100.4"), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>"), SipUri.Parse("sip:a@192.0.2.1"));
        SipFlow? registered = current;
        rig.Endpoint.Invite(invite, current, rig, registered: () => registered);
        await rig.Settle();
        await rig.Answer((SipRequest)rig.Sent().Single(), 200, "t", "<sip:bob@198.51.100.4:5090>");
        Assert.Equal(current.Remote, rig.Network.SentTo.Last().Remote);

        registered = new SipFlow(SipTransportKind.Udp, IPEndPoint.Parse("203.0.113.5:40001"));
        rig.Endpoint.Request(rig.Accepted[0], rig.Accepted[0].CreateRequest(SipMethod.Info), _ => { });
        await rig.Settle();
        Assert.Equal(40001, rig.Network.SentTo.Last().Remote.Port);

        registered = null;
        rig.Endpoint.Request(rig.Accepted[0], rig.Accepted[0].CreateRequest(SipMethod.Bye), _ => { });
        await rig.Settle();
        Assert.Equal(5090, rig.Network.SentTo.Last().Remote.Port);
    }

    [Fact]
    public async Task An_answer_after_the_peer_ended_its_early_dialog_is_acknowledged_and_ended()
    {
        await using var rig = new StackRig();
        var invite = await rig.Invite();
        await rig.Answer(invite, 180, "t");
        await rig.Receive(StackRig.Request("BYE", toTag: invite.From.Tag!, callId: invite.CallId).Replace("tag=bobs", "tag=t", StringComparison.Ordinal));
        rig.InDialog.Single().Transaction.Respond(200);
        await rig.Settle();
        rig.Sent();

        await rig.Answer(invite, 200, "t");

        Assert.Equal("ACK BYE", rig.SentWords());
        Assert.Empty(rig.Accepted);
        Assert.Equal(TransactionFailure.Cancelled, rig.Failed.Single().Failure);
        Assert.Equal(0, rig.Endpoint.Dialogs.Count);
    }

    [Fact]
    public async Task A_lost_connection_fails_what_waits_on_it()
    {
        await using var rig = new StackRig(reliable: true);
        await rig.Invite();
        rig.Network.FailFlow(rig.Peer);
        await rig.Settle();

        Assert.Equal(503, rig.Failed.Single().Status);
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task A_name_nobody_knows_fails_the_request()
    {
        await using var rig = new StackRig();
        var done = new TaskCompletionSource<RequestOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Endpoint.Request(rig.Endpoint.CreateRequest(SipMethod.Options, SipUri.Parse("sip:nobody.invalid"), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>")), null, done.SetResult);

        Assert.Equal(TransactionFailure.Unresolved, (await done.Task.WaitAsync(TestPhone.Patience)).Failure);
    }

    [Fact]
    public async Task Responses_that_belong_to_nothing_are_dropped()
    {
        await using var rig = new StackRig();
        var invite = await rig.Invite();
        var stray = ResponseFactory.Create(invite, 200, null, "t");
        stray.Headers.Set(HeaderName.Via, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKguess");
        await rig.Receive(stray);

        Assert.Empty(rig.Accepted);
        Assert.Equal("", rig.SentWords());
    }

    [Fact]
    public async Task A_reinvite_keeps_the_dialog_and_refreshes_its_target()
    {
        await using var rig = new StackRig();
        await rig.Answer(await rig.Invite(), 200, "t");
        rig.Sent();
        var dialog = rig.Accepted.Single();
        rig.Endpoint.Reinvite(dialog, "v=0"u8.ToArray(), "application/sdp", rig);
        await rig.Settle();
        var again = (SipRequest)rig.Sent().Single();
        Assert.Equal(2u, again.CSeq.Number);
        Assert.Equal("t", again.To.Tag);

        await rig.Answer(again, 200, "t", "<sip:bob@192.0.2.99>");

        Assert.Same(dialog, rig.Accepted[1]);
        Assert.Equal("sip:bob@192.0.2.99", dialog.RemoteTarget.ToString());
        Assert.Equal("ACK", rig.SentWords());
        Assert.Equal(DialogState.Confirmed, dialog.State);
    }
}
