using System.Net;
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

    private static List<RequestOutcome> Ask(StackRig rig, string uri, int size)
    {
        var outcomes = new List<RequestOutcome>();
        rig.Endpoint.Request(New(rig, uri, size), null, outcomes.Add);
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
