using System.Net;
using System.Runtime.InteropServices;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>What strangers may cost: requests without credentials, too many requests, requests nobody answers.</summary>
public sealed class FloodTests
{
    private const int OutOfMemory = unchecked((int)0x8007000E);

    private static readonly TimeSpan Lifetime = TransactionTimers.Rfc3261.Lifetime;

    [Fact]
    public async Task A_stateless_answer_is_sent_once_and_keeps_nothing()
    {
        await using var rig = new StackRig { Stateless = request => request.CreateResponse(407) };
        await rig.Receive(StackRig.Request("INVITE"));

        Assert.Equal(0, rig.Endpoint.Layer.Count);
        await rig.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("407", rig.SentWords());
        Assert.Empty(rig.Requests);
    }

    [Fact]
    public async Task A_repeat_and_its_ack_are_met_by_the_same_tag_and_by_silence()
    {
        await using var rig = new StackRig { Stateless = request => request.CreateResponse(407) };
        await rig.Receive(StackRig.Request("INVITE"));
        await rig.Receive(StackRig.Request("INVITE"));
        var sent = rig.Sent();
        await rig.Receive(StackRig.Request("ACK", toTag: sent[0].To.Tag!));
        await rig.Receive(StackRig.Request("INVITE", branch: "z9hG4bKnext", cseq: 2));

        Assert.Equal(2, sent.Count);
        Assert.NotNull(sent[0].To.Tag);
        Assert.Equal(sent[0].To.Tag, sent[1].To.Tag);
        Assert.NotEqual(sent[0].To.Tag, Assert.Single(rig.Sent()).To.Tag);
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("INVITE")]
    public async Task A_request_of_an_unknown_dialog_keeps_nothing(string method)
    {
        await using var rig = new StackRig();
        await rig.Receive(StackRig.Request(method, toTag: "stranger"));

        Assert.Equal("481", rig.SentWords());
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task Beyond_the_limit_requests_get_503_and_a_known_dialog_is_still_served()
    {
        await using var rig = new StackRig(options => options with { MaxOpenRequests = 2 });
        await rig.Receive(StackRig.Request("INVITE"));
        rig.Accept(rig.Requests[0]);
        await rig.Receive(Options(1), From("203.0.113.1"));
        await rig.Receive(Options(2), From("203.0.113.2"));
        var refusal = (SipResponse)rig.Sent()[^1];

        Assert.Equal(503, refusal.Status);
        Assert.Equal("10", refusal.Headers.Get(HeaderName.RetryAfter));
        await rig.Receive(StackRig.Request("BYE", branch: "z9hG4bKbye", cseq: 2, toTag: rig.Requests[0].LocalTag));
        Assert.Single(rig.InDialog);
    }

    [Fact]
    public async Task One_source_cannot_take_all_places_and_gets_them_back_in_time()
    {
        await using var rig = new StackRig(options => options with { MaxOpenRequestsPerSource = 2 });
        for (var i = 1; i <= 3; i++) await rig.Receive(Options(i), From("203.0.113.1"));
        await rig.Receive(Options(4), From("203.0.113.2"));
        Assert.Equal(3, rig.Requests.Count);
        Assert.Equal("503", rig.SentWords());

        foreach (var request in rig.Requests) request.Respond(200);
        await rig.Advance(Lifetime + TimeSpan.FromMilliseconds(50));
        await rig.Receive(Options(5), From("203.0.113.1"));

        Assert.Equal(4, rig.Requests.Count);
    }

    [Fact]
    public async Task Who_asks_too_fast_is_refused_then_ignored_and_disturbs_neither_calls_nor_others()
    {
        await using var rig = new StackRig(options => options with { MaxNewRequestsPerSecondPerSource = 2 });
        await rig.Receive(StackRig.Request("INVITE"), From("203.0.113.1"));
        rig.Accept(rig.Requests[0]);
        for (var i = 1; i <= 5; i++) await rig.Receive(Options(i), From("203.0.113.1"));
        var refusals = rig.Sent().OfType<SipResponse>().Where(response => response.Status == 503).ToList();
        Assert.Equal(2, rig.Requests.Count);
        Assert.Equal(2, refusals.Count);
        Assert.All(refusals, refusal => Assert.Equal("2", refusal.Headers.Get(HeaderName.RetryAfter)));

        await rig.Receive(Options(6), From("203.0.113.2"));
        await rig.Receive(StackRig.Request("BYE", branch: "z9hG4bKbye", cseq: 2, toTag: rig.Requests[0].LocalTag), From("203.0.113.1"));
        Assert.Equal(3, rig.Requests.Count);
        Assert.Single(rig.InDialog);

        await rig.Advance(TimeSpan.FromSeconds(1));
        await rig.Receive(Options(7), From("203.0.113.1"));
        Assert.Equal(4, rig.Requests.Count);
    }

    [Theory]
    [InlineData("BYE", "To-tag", "481")]
    [InlineData("CANCEL", "", "481")]
    [InlineData("OPTIONS", "no Call-ID", "400")]
    public async Task What_is_wrong_or_belongs_to_nothing_is_answered_only_up_to_the_limit(string method, string what, string answer)
    {
        await using var rig = new StackRig(options => options with { MaxNewRequestsPerSecondPerSource = 2 });
        for (var i = 0; i < 5; i++)
        {
            var request = StackRig.Request(method, branch: $"z9hG4bK{i}x", callId: $"call{i}", toTag: what == "To-tag" ? "stranger" : "");
            await rig.Receive(what == "no Call-ID" ? request.Replace("Call-ID:", "X-Call-ID:", StringComparison.Ordinal) : request, From("203.0.113.1"));
        }
        Assert.Equal($"{answer} {answer}", rig.SentWords());
    }

    [Fact]
    public async Task A_source_is_an_IPv6_network_not_each_of_its_addresses()
    {
        await using var rig = new StackRig(options => options with { MaxOpenRequestsPerSource = 2 });
        for (var i = 1; i <= 3; i++) await rig.Receive(Options(i), From($"2001:db8::{i}"));
        Assert.Equal(2, rig.Requests.Count);
        await rig.Receive(Options(4), From("2001:db8:0:1::1"));
        Assert.Equal(3, rig.Requests.Count);

        await using var other = new StackRig(options => options with { MaxNewRequestsPerSecondPerSource = 2 });
        for (var i = 1; i <= 3; i++) await other.Receive(Options(i), From($"2001:db8::{i}"));
        Assert.Equal(2, other.Requests.Count);
    }

    [Fact]
    public async Task A_dialog_may_not_keep_requests_without_end_but_may_always_end()
    {
        await using var rig = new StackRig();
        var dialog = await rig.EstablishAsync();
        var sequence = 1;
        for (var second = 0; second < 3; second++)
        {
            for (var i = 0; i < 60; i++)
            {
                await rig.Receive(InDialog("INFO"));
                if (rig.InDialog.Count > 0 && !rig.InDialog[^1].Transaction.IsAnswered) rig.InDialog[^1].Transaction.Respond(200);
            }
            await rig.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(DialogAdmission.MostOpen, rig.InDialog.Count);
        Assert.Contains("503", rig.SentWords(), StringComparison.Ordinal);
        await rig.Receive(InDialog("BYE"));
        Assert.Equal(SipMethod.Bye, rig.InDialog[^1].Transaction.Request.Method);

        string InDialog(string method) => StackRig.Request(method, $"z9hG4bKd{++sequence}", sequence, dialog.Id.LocalTag);
    }

    [Fact]
    public async Task A_dialog_on_a_stream_may_not_ask_without_pause()
    {
        await using var rig = new StackRig(reliable: true);
        var dialog = await rig.EstablishAsync();
        for (var i = 2; i < 90; i++)
        {
            await rig.Receive(StackRig.Request("INFO", $"z9hG4bKd{i}", i, dialog.Id.LocalTag));
            if (!rig.InDialog[^1].Transaction.IsAnswered) rig.InDialog[^1].Transaction.Respond(200);
        }
        Assert.Equal(DialogAdmission.MostPerSecond, rig.InDialog.Count);
        await rig.Advance(TimeSpan.FromSeconds(1));
        await rig.Receive(StackRig.Request("INFO", "z9hG4bKlast", 100, dialog.Id.LocalTag));
        Assert.Equal(DialogAdmission.MostPerSecond + 1, rig.InDialog.Count);
    }

    [Fact]
    public async Task What_gets_past_the_edge_does_not_end_the_loop()
    {
        await using var rig = new StackRig();
        Assert.Throws<OutOfMemoryException>(() => rig.Endpoint.Post(() => Marshal.ThrowExceptionForHR(OutOfMemory)));
        await rig.Receive(Options(1));
        Assert.Single(rig.Requests);
    }

    [Fact]
    public async Task A_flood_writes_one_line_in_ten_seconds()
    {
        await using var rig = new StackRig(options => options with { MaxOpenRequests = 0 });
        for (var i = 0; i < 50; i++) await rig.Receive(Options(i));
        Assert.Single(rig.Log.Ids, 3015);

        await rig.Advance(TimeSpan.FromSeconds(11));
        rig.Time.Advance(TimeSpan.FromSeconds(11));
        await rig.Receive(Options(100));

        Assert.Equal(2, rig.Log.Ids.Count(id => id == 3015));
    }

    [Fact]
    public async Task An_invite_nobody_answers_gets_500_and_ends()
    {
        await using var rig = new StackRig(options => options with { Timers = Quick });
        await rig.Receive(StackRig.Request("INVITE"));
        var failures = new List<TransactionFailure>();
        rig.Requests[0].Failed = failures.Add;
        await rig.Advance(TimeSpan.FromSeconds(4));
        rig.Requests[0].Respond(180);
        await rig.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("100 180", rig.SentWords());

        await rig.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal("500", rig.SentWords());
        Assert.Equal([TransactionFailure.Timeout], failures);
        await rig.Receive(StackRig.Request("ACK", toTag: rig.Requests[0].LocalTag));
        await rig.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(0, rig.Endpoint.Layer.Count);
    }

    [Fact]
    public async Task An_answered_invite_is_left_alone()
    {
        await using var rig = new StackRig(options => options with { Timers = Quick });
        await rig.Receive(StackRig.Request("INVITE"));
        rig.Accept(rig.Requests[0]);
        await rig.Receive(StackRig.Request("ACK", branch: "z9hG4bKother", toTag: rig.Requests[0].LocalTag));
        rig.Sent();

        await rig.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal("", rig.SentWords());
    }

    private static TransactionTimers Quick => TransactionTimers.Rfc3261 with { Unanswered = TimeSpan.FromSeconds(5) };

    private static string Options(int n) => StackRig.Request("OPTIONS", branch: $"z9hG4bK{n}x", callId: $"call{n}");

    private static SipFlow From(string address) => new(SipTransportKind.Udp, new IPEndPoint(IPAddress.Parse(address), 5060));
}
