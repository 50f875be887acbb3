using System.Net;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Tests.Endpoint;

public sealed class ServerBehaviourTests
{
    private static readonly TimeSpan Lifetime = TransactionTimers.Rfc3261.Lifetime;

    [Fact]
    public async Task An_unanswered_invite_gets_100_after_200_ms_and_repeats_are_absorbed()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE"));
        await rig.Advance(TimeSpan.FromMilliseconds(190));
        Assert.Equal("", rig.SentWords());
        await rig.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal("100", rig.SentWords());

        await rig.Receive(StackRig.Request("INVITE"));

        Assert.Equal("100", rig.SentWords());
        Assert.Single(rig.Requests);
    }

    [Fact]
    public async Task A_refusal_is_repeated_until_its_ack_and_then_the_transaction_ends()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE"));
        rig.Requests[0].Respond(486);
        await rig.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("486 486 486 486", rig.SentWords()); // 0, 0.5, 1.5, 3.5 s

        await rig.Receive(StackRig.Request("ACK", toTag: rig.Requests[0].LocalTag));
        await rig.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("", rig.SentWords());
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task A_refusal_without_ack_is_reported_after_64_T1()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE"));
        var failures = new List<TransactionFailure>();
        rig.Requests[0].Failed = failures.Add;
        rig.Requests[0].Respond(404);

        await rig.Advance(Lifetime + TimeSpan.FromMilliseconds(50));

        Assert.Equal([TransactionFailure.Timeout], failures);
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_success_is_repeated_on_every_transport_until_its_ack(bool reliable)
    {
        await using var rig = new StackRig(reliable);
        await rig.Receive(StackRig.Request("INVITE"));
        var acks = new List<SipRequest>();
        rig.Requests[0].Acknowledged = acks.Add;
        rig.Accept(rig.Requests[0]);
        await rig.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("200 200 200", rig.SentWords());

        var ack = StackRig.Request("ACK", branch: "z9hG4bKother", toTag: rig.Requests[0].LocalTag);
        await rig.Receive(ack);
        await rig.Receive(ack);
        await rig.Advance(Lifetime);

        Assert.Equal("", rig.SentWords());
        Assert.Single(acks);
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task A_success_without_ack_is_reported()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE"));
        var failures = new List<TransactionFailure>();
        rig.Requests[0].Failed = failures.Add;
        rig.Accept(rig.Requests[0]);

        await rig.Advance(Lifetime + TimeSpan.FromMilliseconds(50));

        Assert.Equal([TransactionFailure.Timeout], failures);
    }

    [Fact]
    public async Task A_cancel_is_answered_and_ends_its_invite()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE"));
        var cancels = new List<SipRequest>();
        rig.Requests[0].Cancelled = cancels.Add;
        await rig.Receive(StackRig.Request("CANCEL"));

        var sent = rig.Sent().Cast<SipResponse>().ToList();

        Assert.Equal([(200, "CANCEL"), (487, "INVITE")], sent.Select(r => (r.Status, r.CSeq.Method.Name)));
        Assert.Equal(sent[0].To.Tag, sent[1].To.Tag);
        Assert.Single(cancels);
    }

    [Fact]
    public async Task A_cancel_too_late_or_for_nothing_changes_nothing()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("CANCEL", branch: "z9hG4bKnone", callId: "none"));
        Assert.Equal("481", rig.SentWords());
        await rig.Receive(StackRig.Request("INVITE"));
        rig.Requests[0].Cancelled = _ => Assert.Fail("The call was answered.");
        rig.Accept(rig.Requests[0]);
        await rig.Settle();

        await rig.Receive(StackRig.Request("CANCEL"));

        Assert.Equal("200 200", rig.SentWords());
    }

    [Fact]
    public async Task An_acknowledged_success_absorbs_what_comes_again_and_keeps_nobody()
    {
        await using var rig = new StackRig();
        await rig.EstablishAsync();
        var invite = rig.Requests.Single();
        var tag = invite.LocalTag;

        await rig.Receive(StackRig.Request("INVITE", "z9hG4bKfirst"));
        await rig.Receive(StackRig.Request("ACK", "z9hG4bKfirstack", toTag: tag));
        Assert.Equal("", rig.SentWords());
        await rig.Receive(StackRig.Request("CANCEL", "z9hG4bKfirst"));
        var cancelled = (SipResponse)rig.Sent().Single();
        Assert.Equal((200, tag), (cancelled.Status, cancelled.To.Tag));
        await rig.Receive(StackRig.Request("INVITE", "z9hG4bKother"));
        Assert.Equal("482", rig.SentWords());

        Assert.Single(rig.Requests);
        Assert.Null(invite.Pracked);
        Assert.Null(invite.Failed);
        Assert.Null(invite.Settled);
        Assert.Null(invite.Answering);
        await rig.Advance(TimeSpan.FromSeconds(33));
        Assert.Equal(0, rig.Endpoint.Layer.Count);
        await rig.Receive(StackRig.Request("INVITE", "z9hG4bKother"));
        Assert.Equal(2, rig.Requests.Count);
    }

    [Fact]
    public async Task What_is_left_of_an_answered_request_gives_the_same_answer_for_32_seconds()
    {
        await using var rig = new StackRig();
        var dialog = await rig.EstablishAsync();
        var info = StackRig.Request("INFO", "z9hG4bKinfo", cseq: 2, toTag: dialog.Id.LocalTag);
        await rig.Receive(info);
        rig.InDialog.Single().Transaction.Respond(415, "No Such Thing");
        await rig.Settle();
        var first = (SipResponse)rig.Sent().Single();

        await rig.Advance(TimeSpan.FromSeconds(31));
        await rig.Receive(info);
        var again = (SipResponse)rig.Sent().Single();
        Assert.Equal((415, "No Such Thing"), (again.Status, again.Reason));
        Assert.Equal(first.Headers.Enumerate(), again.Headers.Enumerate());
        Assert.Single(rig.InDialog);

        await rig.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task The_same_request_over_another_path_is_482()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE"));
        await rig.Receive(StackRig.Request("INVITE", branch: "z9hG4bKdetour"));

        Assert.Equal("482", rig.SentWords());
        Assert.Single(rig.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("z9hG4bK")]
    [InlineData("old-style")]
    public async Task Without_a_proper_branch_the_older_matching_rules_apply(string branch)
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE", branch));
        await rig.Receive(StackRig.Request("INVITE", branch));
        rig.Requests[0].Respond(603);
        await rig.Receive(StackRig.Request("ACK", branch, toTag: rig.Requests[0].LocalTag));
        await rig.Advance(TimeSpan.FromSeconds(6));

        Assert.Single(rig.Requests);
        Assert.Equal("603", rig.SentWords());
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Theory]
    [InlineData("Z9HG4BKin")]
    [InlineData("z9hG4bKin")]
    public async Task A_repeat_is_recognised_by_branch_and_sent_by_whatever_else_changed(string branch)
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("OPTIONS", branch));
        await rig.Receive(StackRig.Request("OPTIONS", branch, extra: "X-Other: 1\n"));
        Assert.Single(rig.Requests);

        await rig.Receive(StackRig.Request("OPTIONS", branch, via: "192.0.2.10", callId: "another"));

        Assert.Equal(2, rig.Requests.Count);
    }

    [Fact]
    public async Task No_hops_left_is_483_and_an_unknown_extension_420()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE").Replace("Max-Forwards: 70", "Max-Forwards: 0", StringComparison.Ordinal));
        await rig.Receive(StackRig.Request("INVITE", branch: "z9hG4bK2", callId: "two", extra: "Require: 100rel, timer\n"));

        var sent = rig.Sent().Cast<SipResponse>().ToList();

        Assert.Equal([483, 420], sent.Select(r => r.Status));
        Assert.Equal("100rel, timer", sent[1].Headers.Get(HeaderName.Unsupported));
        Assert.Empty(rig.Requests);
    }

    [Theory]
    [InlineData("10.0.0.5:5070;rport", "203.0.113.5", 40000, "received=203.0.113.5", 40000)]
    [InlineData("10.0.0.5:5070", "203.0.113.5", 40000, "received=203.0.113.5", 5070)]
    [InlineData("phone.example", "203.0.113.5", 40000, "received=203.0.113.5", 5060)]
    [InlineData("203.0.113.5:40000", "203.0.113.5", 40000, "", 40000)]
    public async Task Responses_go_back_where_the_request_came_from(string via, string source, int sourcePort, string mark, int port)
    {
        await using var rig = new StackRig();
        var flow = new SipFlow(SipTransportKind.Udp, new IPEndPoint(IPAddress.Parse(source), sourcePort));
        await rig.Receive(StackRig.Request("OPTIONS", via: via), flow);
        rig.Requests[0].Respond(200);
        await rig.Settle();

        Assert.Equal(new SipFlow(SipTransportKind.Udp, new IPEndPoint(IPAddress.Parse(source), port)), rig.Network.SentTo.Single());
        Assert.Contains(mark, rig.Sent()[0].TopVia.ToString(), StringComparison.Ordinal);
    }

    [Theory(DisplayName = "RFC 3261 section 18.2.2: an answer after the connection closed")]
    [InlineData("192.0.2.9:5072", 5072)]
    [InlineData("192.0.2.9", 5060)]
    [InlineData("phone.example:5073", 5073)]
    public async Task A_late_answer_goes_to_the_port_in_the_Via_when_the_connection_is_gone(string via, int port)
    {
        await using var rig = new StackRig(reliable: true);
        var source = new SipFlow(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Parse("192.0.2.9"), 40123));
        await rig.Receive(StackRig.Request("OPTIONS", via: via), source);
        rig.Network.IsClosed = true;

        rig.Requests.Single().Respond(200);
        await rig.Settle();

        Assert.Equal(new SipFlow(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Parse("192.0.2.9"), port)), rig.Network.SentTo.Single());
    }

    // A target of null: the Contact is believed and goes through the ordinary look-up.
    [Theory]
    [InlineData("10.1.2.3:5090", "203.0.113.5:40000", "<sip:bob@10.1.2.3:5090>", "203.0.113.5:40000")]
    [InlineData("10.1.2.3:5090", "10.9.9.9:40000", "<sip:bob@10.1.2.3:5090>", "10.9.9.9:40000")]
    [InlineData("10.9.9.9:5060", "10.9.9.9:5060", "<sip:bob@10.1.2.3:5090>", "10.1.2.3:5090")]
    [InlineData("sbc.example", "10.9.9.9:5060", "<sip:bob@10.1.2.3:5090>", "10.1.2.3:5090")]
    [InlineData("10.1.2.3;branch=z9hG4bKp, SIP/2.0/UDP 10.7.7.7", "10.9.9.9:5060", "<sip:bob@10.1.2.3:5090>", "10.1.2.3:5090")]
    public async Task A_private_contact_is_overridden_only_where_a_NAT_showed(string via, string source, string contact, string reached)
    {
        await using var rig = new StackRig();
        var invite = StackRig.Request("INVITE", via: via).Replace("<sip:bob@192.0.2.9>\n\n", contact + "\n\n", StringComparison.Ordinal);
        await rig.Receive(invite, new SipFlow(SipTransportKind.Udp, IPEndPoint.Parse(source)));
        var dialog = rig.Accept(rig.Requests.Single());

        rig.Endpoint.Request(dialog, dialog.CreateRequest(SipMethod.Bye), _ => { });
        await rig.Settle();

        Assert.Equal(IPEndPoint.Parse(reached), rig.Network.SentTo.Last().Remote);
    }

    [Fact]
    public async Task Within_a_dialog_order_is_kept_and_strangers_get_481()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE", cseq: 10));
        var dialog = rig.Accept(rig.Requests[0]);
        var tag = rig.Requests[0].LocalTag;
        await rig.Receive(StackRig.Request("ACK", branch: "z9hG4bKack", cseq: 10, toTag: tag));
        rig.Sent();

        await rig.Receive(StackRig.Request("INFO", branch: "z9hG4bK1", cseq: 12, toTag: tag));
        Assert.Same(dialog, rig.InDialog.Single().Dialog);
        await rig.Receive(StackRig.Request("INFO", branch: "z9hG4bK2", cseq: 11, toTag: tag));
        await rig.Receive(StackRig.Request("BYE", branch: "z9hG4bK3", cseq: 13, toTag: "stranger"));

        Assert.Equal("500 481", rig.SentWords());
    }

    [Fact]
    public async Task A_reinvite_refreshes_the_target()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE", extra: "Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>\n"));
        var dialog = rig.Accept(rig.Requests[0]);
        Assert.Equal(["sip:p1.example;lr", "sip:p2.example;lr"], dialog.Routes.Select(r => r.Uri.ToString()));

        await rig.Receive(StackRig.Request("INVITE", branch: "z9hG4bKre", cseq: 2, toTag: dialog.Id.LocalTag).Replace("<sip:bob@192.0.2.9>\n\n", "<sip:bob@192.0.2.77>\n\n", StringComparison.Ordinal));

        Assert.Equal(SipUri.Parse("sip:bob@192.0.2.77"), dialog.RemoteTarget);
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_stop_the_stack()
    {
        await using var rig = new StackRig();
        rig.Endpoint.Post(() => throw new InvalidOperationException("a defect of somebody"));

        await rig.Receive(StackRig.Request("OPTIONS"));

        Assert.Single(rig.Requests);
    }

    [Fact]
    public async Task A_broken_network_is_reported_once_and_leaves_nothing_behind()
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request("INVITE"));
        var failures = new List<TransactionFailure>();
        rig.Requests[0].Failed = failures.Add;
        rig.Network.IsBroken = true;
        rig.Requests[0].Respond(486);
        await rig.Settle();

        Assert.Equal([TransactionFailure.Transport], failures);
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }
}
