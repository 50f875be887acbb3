using System.Net;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>Offers within a dialog on the wire: UPDATE, re-INVITE, and both at once.</summary>
public sealed class OfferAnswerTests
{
    private const string Sdp = "Content-Type: application/sdp\n";

    [Fact(DisplayName = "RFC 3261 section 14.2: a second offer before the first was answered gets 500 with Retry-After")]
    public async Task Second_offer_has_to_wait()
    {
        await using var rig = new StackRig();
        var dialog = await rig.EstablishAsync();
        await rig.Receive(Offer(dialog, "INVITE", 2));
        await rig.Receive(Offer(dialog, "UPDATE", 3));
        await rig.Receive(Offer(dialog, "INVITE", 4));

        var refused = rig.Sent().Cast<SipResponse>().Where(r => r.Status != 100).ToList();
        Assert.Equal([500, 500], refused.Select(r => r.Status));
        Assert.All(refused, r => Assert.InRange(int.Parse(r.Headers.Get(HeaderName.RetryAfter)!), 0, 10));

        rig.InDialog.Single().Transaction.Respond(488);
        await rig.Settle();
        await rig.Receive(Offer(dialog, "UPDATE", 5));
        Assert.Equal(SipMethod.Update, rig.InDialog[1].Transaction.Request.Method);
    }

    [Theory(DisplayName = "RFC 3311 section 5.2: an offer that crosses ours gets 491, an UPDATE without one does not")]
    [InlineData("INVITE")]
    [InlineData("UPDATE")]
    public async Task Crossing_offers(string method)
    {
        await using var rig = new StackRig();
        var dialog = await rig.EstablishAsync();
        rig.Endpoint.Reinvite(dialog, "v=0"u8.ToArray(), "application/sdp", rig);
        await rig.Settle();
        rig.Sent();
        await rig.Receive(Offer(dialog, method, 2));
        Assert.Equal("491", rig.SentWords());
        Assert.Empty(rig.InDialog);

        await rig.Receive(StackRig.Request("UPDATE", "z9hG4bKbare", 3, dialog.Id.LocalTag));
        Assert.Equal(SipMethod.Update, rig.InDialog.Single().Transaction.Request.Method);
    }

    [Fact(DisplayName = "RFC 3311: our UPDATE refreshes the target, blocks a second one, and ends with its answer")]
    public async Task Our_update()
    {
        await using var rig = new StackRig();
        var dialog = await rig.EstablishAsync();
        RequestOutcome? outcome = null;
        var update = dialog.CreateRequest(SipMethod.Update);
        update.SetBody("v=0"u8.ToArray(), "application/sdp");
        rig.Endpoint.Request(dialog, update, o => outcome = o);
        await rig.Settle();
        Assert.Equal(OpenExchanges.OurUpdate | OpenExchanges.OurOffer, dialog.Open);
        Assert.False(dialog.MaySend(SipMethod.Update, hasOffer: false));

        await rig.Answer((SipRequest)rig.Sent().Single(), 200, "bobs", "<sip:bob@192.0.2.77>");

        Assert.True(outcome!.Value.IsSuccess);
        Assert.Equal(OpenExchanges.None, dialog.Open);
        Assert.Equal("sip:bob@192.0.2.77", dialog.RemoteTarget.ToString());
    }

    [Fact(DisplayName = "RFC 3261 section 13.2.1: the offer in our success is open until its ACK")]
    public async Task Late_offer_is_open_until_the_ack()
    {
        await using var rig = new StackRig();
        var dialog = await rig.EstablishAsync();
        await rig.Receive(StackRig.Request("INVITE", "z9hG4bKlate", 2, dialog.Id.LocalTag));
        var transaction = rig.InDialog.Single().Transaction;
        var response = transaction.CreateResponse(200);
        response.SetBody("v=0"u8.ToArray(), "application/sdp");
        transaction.Respond(response);
        await rig.Settle();
        Assert.Equal(OpenExchanges.OurOffer | OpenExchanges.Unacknowledged, dialog.Open);

        await rig.Receive(StackRig.Request("ACK", "z9hG4bKack", 2, dialog.Id.LocalTag));
        Assert.Equal(OpenExchanges.None, dialog.Open);
    }

    [Fact(DisplayName = "RFC 3261 section 13.2.2.4: the success of a re-INVITE is acknowledged each time it comes")]
    public async Task Repeated_success_of_a_reinvite()
    {
        await using var rig = new StackRig();
        var dialog = await rig.EstablishAsync();
        rig.Endpoint.Reinvite(dialog, "v=0"u8.ToArray(), "application/sdp", rig);
        await rig.Settle();
        var reinvite = (SipRequest)rig.Sent().Single();
        await rig.Answer(reinvite, 200, "bobs");
        await rig.Answer(reinvite, 200, "bobs");

        Assert.Equal("ACK ACK", rig.SentWords());
        Assert.Single(rig.Accepted);
    }

    [Fact(DisplayName = "A success whose offer the user has yet to answer may be repeated")]
    public async Task Repeated_success_before_its_ack()
    {
        await using var rig = new StackRig();
        var dialog = await rig.EstablishAsync();
        var invite = rig.Endpoint.Reinvite(dialog, default, null, rig, manualAck: true);
        await rig.Settle();
        var reinvite = (SipRequest)rig.Sent().Single();
        await rig.Answer(reinvite, 200, "bobs");
        await rig.Answer(reinvite, 200, "bobs");
        Assert.Equal("", rig.SentWords());

        invite.Acknowledge(dialog, "v=0"u8.ToArray(), "application/sdp");
        await rig.Settle();
        await rig.Answer(reinvite, 200, "bobs");
        Assert.All(rig.Sent().Cast<SipRequest>(), ack => Assert.Equal((SipMethod.Ack, 3), (ack.Method, ack.Body.Length)));
    }

    [Fact(DisplayName = "RFC 3261 section 12.2.1.1: with a strict router first, the next hop is that router, also when it is only a name")]
    public async Task Strict_router_by_name_is_the_next_hop()
    {
        var resolver = new Names();
        await using var rig = new StackRig(resolver: resolver);
        await rig.Answer(await rig.Invite(), 200, "t", "<sip:bob@192.0.2.9>", (HeaderName.RecordRoute, "<sip:192.0.2.60;lr>, <sip:strict.example>"));
        await resolver.Asked.Task.WaitAsync(TestPhone.Patience);
        var dialog = rig.Accepted.Single();
        Assert.Equal("strict.example", await resolver.Asked.Task);

        var bye = dialog.CreateRequest(SipMethod.Bye);
        Assert.Equal("sip:strict.example", bye.Uri.ToString());
        Assert.Equal("strict.example", NextHop.Of(bye.Clone()).Host);
        Assert.Equal(["<sip:192.0.2.60;lr>", "<sip:bob@192.0.2.9>"], bye.Headers.GetAll(HeaderName.Route));
    }

    private static string Offer(Dialog dialog, string method, int cseq) =>
        StackRig.Request(method, $"z9hG4bKo{cseq}", cseq, dialog.Id.LocalTag, Sdp).TrimEnd('\n') + "\nContent-Length: 3\n\nv=0";

    private sealed class Names : ITargetResolver
    {
        public TaskCompletionSource<string> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop)
        {
            Asked.TrySetResult(uri.Host);
            return new([new SipFlow(SipTransportKind.Udp, IPEndPoint.Parse("192.0.2.61:5060"))]);
        }
    }
}
