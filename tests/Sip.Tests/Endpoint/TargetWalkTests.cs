using System.Net;
using System.Text;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Sip;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>Which target and transport a request takes, and when it goes on to the next.</summary>
public sealed class TargetWalkTests
{
    private static readonly IPEndPoint First = IPEndPoint.Parse("192.0.2.11:5060");
    private static readonly IPEndPoint Second = IPEndPoint.Parse("192.0.2.12:5060");

    [Fact]
    public async Task A_large_request_goes_by_TCP()
    {
        var tcp = Tcp();
        await using var rig = new StackRig(more: tcp);
        var outcomes = Ask(rig, "sip:bob@192.0.2.11", 1200);
        await rig.Settle();
        var sent = (SipRequest)Assert.Single(tcp.Sent);
        Assert.Equal("TCP", sent.TopVia.Transport);
        Assert.Equal(1200, sent.Body.Length);

        tcp.Receive(ResponseFactory.Create(sent, 200, null, "t"), new SipFlow(SipTransportKind.Tcp, First));
        await rig.Settle();

        Assert.True(outcomes.Single().IsSuccess);
        Assert.Equal("", rig.SentWords());
    }

    [Theory]
    [InlineData("sip:bob@192.0.2.11", 100)]
    [InlineData("sip:bob@192.0.2.11;transport=udp", 1200)]
    public async Task A_small_request_and_a_chosen_transport_stay_with_UDP(string uri, int size)
    {
        var tcp = Tcp();
        await using var rig = new StackRig(more: tcp);
        Ask(rig, uri, size);
        await rig.Settle();

        Assert.Equal("OPTIONS", rig.SentWords());
        Assert.Empty(tcp.Sent);
    }

    [Fact]
    public async Task What_TCP_could_not_connect_goes_by_UDP_with_a_branch_of_its_own()
    {
        var tcp = Tcp();
        await using var rig = new StackRig(more: tcp);
        var outcomes = Ask(rig, "sip:bob@192.0.2.11", 1200);
        await rig.Settle();

        tcp.FailConnect(new SipFlow(SipTransportKind.Tcp, First));
        await rig.Settle();

        var sent = (SipRequest)rig.Sent().Single();
        Assert.Equal("UDP", sent.TopVia.Transport);
        Assert.NotEqual(((SipRequest)tcp.Sent.Single()).TopVia.Branch, sent.TopVia.Branch);
        await rig.Answer(sent, 200, "t");
        Assert.True(outcomes.Single().IsSuccess);
    }

    [Fact]
    public async Task What_may_have_arrived_by_TCP_is_not_repeated_by_UDP()
    {
        var tcp = Tcp();
        await using var rig = new StackRig(more: tcp);
        var outcomes = Ask(rig, "sip:bob@192.0.2.11", 1200);
        await rig.Settle();

        tcp.FailFlow(new SipFlow(SipTransportKind.Tcp, First));
        await rig.Settle();

        Assert.Equal(TransactionFailure.Transport, outcomes.Single().Failure);
        Assert.Equal("", rig.SentWords());
    }

    [Fact]
    public async Task What_grows_too_large_by_its_credentials_goes_by_TCP_and_by_UDP_again_where_TCP_fails()
    {
        var tcp = Tcp();
        await using var rig = new StackRig(more: tcp);
        var outcomes = Ask(rig, "sip:bob@192.0.2.11", 900, new DigestClient("a", "secret", new RandomTokens()));
        await rig.Settle();
        var first = (SipRequest)rig.Sent().Single();
        await rig.Answer(first, 401, "t", null, (HeaderName.WwwAuthenticate, $"Digest realm=\"r\", nonce=\"{new string('n', 200)}\", qop=\"auth\", algorithm=MD5"));
        var second = (SipRequest)Assert.Single(tcp.Sent);
        Assert.NotNull(second.Headers.Get(HeaderName.Authorization));

        tcp.FailConnect(new SipFlow(SipTransportKind.Tcp, First));
        await rig.Settle();

        var third = (SipRequest)rig.Sent().Single();
        Assert.Equal(("UDP", second.CSeq), (third.TopVia.Transport, third.CSeq));
        await rig.Answer(third, 200, "t");
        Assert.True(outcomes.Single().IsSuccess);
    }

    [Fact]
    public async Task A_large_ACK_goes_by_TCP_and_its_repetition_by_UDP_where_TCP_is_not_connected()
    {
        var tcp = Tcp();
        await using var rig = new StackRig(more: tcp);
        var ack = rig.Endpoint.CreateRequest(SipMethod.Ack, SipUri.Parse("sip:bob@192.0.2.11"), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>"));
        ack.SetBody(new byte[1200], "application/sdp");
        rig.Endpoint.SendStateless(ack);
        await rig.Settle();
        Assert.Equal("TCP", ((SipRequest)Assert.Single(tcp.Sent)).TopVia.Transport);
        Assert.Equal("", rig.SentWords());

        tcp.IsClosed = true;
        rig.Endpoint.SendStateless(ack, again: true);
        await rig.Settle();
        Assert.Equal("ACK", rig.SentWords());
    }

    [Fact]
    public async Task A_device_is_tried_on_its_next_flow_with_the_contact_and_the_route_of_that_one()
    {
        await using var rig = new StackRig();
        var invite = rig.Endpoint.CreateRequest(SipMethod.Invite, SipUri.Parse("sip:bob@a.invalid"), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>"), SipUri.Parse("sip:a@192.0.2.1"));
        rig.Endpoint.InviteDevice(invite,
        [
            new SipTarget(new SipFlow(SipTransportKind.Udp, First)) { Uri = SipUri.Parse("sip:bob@a.invalid"), Routes = ["<sip:192.0.2.11;lr;ob>"] },
            new SipTarget(new SipFlow(SipTransportKind.Udp, Second)) { Uri = SipUri.Parse("sip:bob@b.invalid") },
        ], rig);
        await rig.Settle();
        var first = (SipRequest)rig.Sent().Single();
        Assert.Equal(("a.invalid", "<sip:192.0.2.11;lr;ob>"), (first.Uri.Host, first.Headers.Get(HeaderName.Route)));

        await rig.Answer(first, 430, "t", null);

        var second = rig.Sent().OfType<SipRequest>().Single(r => r.Method == SipMethod.Invite);
        Assert.Equal(("b.invalid", null), (second.Uri.Host, second.Headers.Get(HeaderName.Route)));
        Assert.Equal(Second, rig.Network.SentTo.Last().Remote);
        Assert.Empty(rig.Failed);
    }

    [Theory]
    [InlineData("sip:bob@trunk.example", "sip:me@192.0.2.1:5060")]
    [InlineData("sip:bob@trunk.example;transport=tcp", "sip:me@192.0.2.1:5062;transport=tcp")]
    public async Task Our_Contact_names_the_transport_that_was_found(string uri, string contact)
    {
        var tcp = new MemoryTransport(IPEndPoint.Parse("192.0.2.1:5062")) { Kind = SipTransportKind.Tcp };
        await using var rig = new StackRig(resolver: new ByTransport(First), more: tcp);
        var options = rig.Endpoint.CreateRequest(SipMethod.Options, SipUri.Parse(uri), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>"), SipUri.Parse("sip:me@192.0.2.1:5060"));
        rig.Endpoint.Request(options, null, _ => { });
        while (tcp.Sent.Count + rig.Network.Sent.Count == 0) await rig.Settle();
        Assert.Equal(contact, ((SipRequest)tcp.Sent.Concat(rig.Network.Sent).Single()).Contact!.Uri.ToString());
    }

    [Fact]
    public async Task Each_target_gets_the_body_of_its_address_family()
    {
        var six = new MemoryTransport(IPEndPoint.Parse("[2001:db8::1]:5060"));
        await using var rig = new StackRig(resolver: new Fixed(First, IPEndPoint.Parse("[2001:db8::2]:5060")), more: six);
        var options = New(rig, "sip:trunk.example", 10);
        options.BodyTowards = family => Encoding.ASCII.GetBytes(family.ToString());
        rig.Endpoint.Request(options, null, _ => { });
        await NextSent(rig, 1);
        var first = (SipRequest)rig.Sent().Single();
        Assert.Equal("InterNetwork", Encoding.ASCII.GetString(first.Body.Span));
        await rig.Answer(first, 503, "t", null);
        Assert.Equal("InterNetworkV6", Encoding.ASCII.GetString(((SipRequest)six.Sent.Single()).Body.Span));
    }

    [Fact]
    public async Task A_target_that_answers_503_or_nothing_is_followed_by_the_next()
    {
        await using var rig = new StackRig(resolver: new Fixed(First, Second, First));
        var outcomes = Ask(rig, "sip:trunk.example", 10);
        await NextSent(rig, 1);
        var first = (SipRequest)rig.Sent().Single();
        await rig.Answer(first, 503, "t", null);
        var second = (SipRequest)rig.Sent().Single();
        Assert.Equal([First, Second], rig.Network.SentTo.Select(f => f.Remote));
        Assert.Equal((first.CallId, first.CSeq), (second.CallId, second.CSeq));
        Assert.NotEqual(first.TopVia.Branch, second.TopVia.Branch);

        await rig.Advance(TransactionTimers.Rfc3261.Lifetime + TimeSpan.FromMilliseconds(50));
        await rig.Answer((SipRequest)rig.Sent()[^1], 486, "t", null);

        Assert.Equal(486, outcomes.Single().Status);
    }

    [Fact]
    public async Task A_silent_target_is_left_for_the_next_and_what_it_says_after_all_is_undone()
    {
        await using var rig = new StackRig(resolver: new Fixed(First, Second));
        var call = rig.Endpoint.Invite(New(rig, "sip:trunk.example", 10, SipMethod.Invite), null, rig);
        await NextSent(rig, 1);
        var first = (SipRequest)rig.Sent().Single();
        Assert.True(call.TryNextTarget());
        var second = (SipRequest)rig.Sent().Single();
        Assert.Equal([First, Second], rig.Network.SentTo.Select(f => f.Remote));
        Assert.False(call.TryNextTarget());

        await rig.Answer(first, 180, "late");
        Assert.Equal("CANCEL", rig.SentWords());
        await rig.Answer(first, 200, "late");
        await rig.Answer(first, 200, "late");
        Assert.Equal("ACK BYE ACK", rig.SentWords());
        Assert.Empty(rig.Progress);
        await rig.Answer(second, 200, "second");
        Assert.Equal("second", rig.Accepted.Single().Id.RemoteTag);
        Assert.Empty(rig.Failed);
    }

    [Fact]
    public async Task A_target_that_was_heard_is_not_left()
    {
        await using var rig = new StackRig(resolver: new Fixed(First, Second));
        var call = rig.Endpoint.Invite(New(rig, "sip:trunk.example", 10, SipMethod.Invite), null, rig);
        await NextSent(rig, 1);
        await rig.Answer((SipRequest)rig.Sent().Single(), 100, "t");
        Assert.False(call.TryNextTarget());
    }

    [Fact]
    public async Task When_all_targets_failed_the_last_failure_counts()
    {
        await using var rig = new StackRig(resolver: new Fixed(First, Second));
        rig.Network.IsBroken = true;
        var done = new TaskCompletionSource<RequestOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Endpoint.Request(New(rig, "sip:trunk.example", 10), null, done.SetResult);

        Assert.Equal(TransactionFailure.Transport, (await done.Task.WaitAsync(TestPhone.Patience)).Failure);
    }

    [Fact]
    public async Task A_cancelled_invite_is_not_taken_to_the_next_target()
    {
        await using var rig = new StackRig(resolver: new Fixed(First, Second));
        var invite = New(rig, "sip:trunk.example", 10, SipMethod.Invite);
        var call = rig.Endpoint.Invite(invite, null, rig);
        await NextSent(rig, 1);
        call.Cancel();
        await rig.Settle();

        await rig.Answer((SipRequest)rig.Sent().Single(), 503, "t", null);

        Assert.Equal(503, rig.Failed.Single().Status);
        Assert.Equal("ACK", rig.SentWords());
    }

    [Fact]
    public async Task The_end_waits_for_look_ups_under_way()
    {
        var resolver = new Slow();
        var rig = new StackRig(resolver: resolver);
        Ask(rig, "sip:trunk.example", 10);
        Assert.False(resolver.Stopped.IsCompleted);

        var ending = rig.DisposeAsync().AsTask();
        await resolver.Stopped.WaitAsync(TestPhone.Patience);
        Assert.False(ending.IsCompleted);

        resolver.Finish();
        await ending.WaitAsync(TestPhone.Patience);
    }

    [Fact]
    public async Task An_invite_cancelled_during_the_look_up_never_leaves()
    {
        var resolver = new Late();
        await using var rig = new StackRig(resolver: resolver);
        var invite = rig.Endpoint.Invite(New(rig, "sip:trunk.example", 10, SipMethod.Invite), null, rig);
        invite.Cancel();
        await rig.Settle();
        Assert.Equal(TransactionFailure.Cancelled, rig.Failed.Single().Failure); // At once, not when the name is found.

        await resolver.AnswerAsync(rig);

        Assert.Equal("", rig.SentWords());
        Assert.Single(rig.Failed);
    }

    [Fact]
    public async Task An_invite_cancelled_after_the_look_up_waits_for_a_provisional_answer()
    {
        var resolver = new Late();
        await using var rig = new StackRig(resolver: resolver);
        var invite = rig.Endpoint.Invite(New(rig, "sip:trunk.example", 10, SipMethod.Invite), null, rig);
        await resolver.AnswerAsync(rig);
        await NextSent(rig, 1);
        invite.Cancel();
        await rig.Settle();

        Assert.Equal("INVITE", rig.SentWords());
        Assert.Empty(rig.Failed);
    }

    private static MemoryTransport Tcp() => new(IPEndPoint.Parse("192.0.2.1:5060")) { Kind = SipTransportKind.Tcp };

    private static List<RequestOutcome> Ask(StackRig rig, string uri, int size, DigestClient? credentials = null)
    {
        var outcomes = new List<RequestOutcome>();
        rig.Endpoint.Request(New(rig, uri, size), null, outcomes.Add, credentials);
        return outcomes;
    }

    private static SipRequest New(StackRig rig, string uri, int size, SipMethod? method = null)
    {
        var request = rig.Endpoint.CreateRequest(method ?? SipMethod.Options, SipUri.Parse(uri), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>"), SipUri.Parse("sip:a@192.0.2.1"));
        request.SetBody(new byte[size], "application/octet-stream");
        return request;
    }

    // The look-up runs beside the loop: wait for what it leads to.
    private static async Task NextSent(StackRig rig, int count)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Network.OnSent = (_, _) => sent.TrySetResult();
        if (rig.Network.Sent.Count < count) await sent.Task.WaitAsync(TestPhone.Patience);
        await rig.Settle();
    }

    private sealed class Fixed(params IPEndPoint[] targets) : ITargetResolver
    {
        public ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop) =>
            ValueTask.FromResult<IReadOnlyList<SipFlow>>(Array.ConvertAll(targets, t => new SipFlow(SipTransportKind.Udp, t)));
    }

    private sealed class ByTransport(IPEndPoint target) : ITargetResolver
    {
        public ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop) =>
            ValueTask.FromResult<IReadOnlyList<SipFlow>>(NextHop.TryTransport(uri, out var kind) ? [new SipFlow(kind, target)] : []);
    }

    private sealed class Late : ITargetResolver
    {
        private readonly TaskCompletionSource<IReadOnlyList<SipFlow>> _found = new();

        // Without asynchronous continuations: the request is on its way to the loop when SetResult returns.
        public Task AnswerAsync(StackRig rig)
        {
            _found.SetResult([new SipFlow(SipTransportKind.Udp, First)]);
            return rig.Settle();
        }

        public ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop) => new(_found.Task);
    }

    private sealed class Slow : ITargetResolver
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopped => _stopped.Task;

        public void Finish() => _finish.SetResult();

        public async ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop)
        {
            await using var _ = stop.Register(_stopped.SetResult);
            await _finish.Task;
            return [];
        }
    }
}
