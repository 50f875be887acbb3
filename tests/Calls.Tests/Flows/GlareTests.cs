using System.Net;
using System.Text;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Sip;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>
/// Offers that cross inside the worker: the call has made one that the stack has yet to send. The far end is played by hand over a
/// transport without a network, so that the stack can be stopped between two messages.
/// </summary>
public sealed class GlareTests : FlowTest
{
    private static readonly SipFlow Far = new(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Parse("192.0.2.9"), 5060));

    private readonly EventLog<SipMessage> _sent = new("what the far end was sent");
    private readonly MemoryTransport _wire = new(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060)) { Kind = SipTransportKind.Tcp };
    private readonly ManualResetEventSlim _goesOn = new(initialState: true);

    public override async ValueTask DisposeAsync()
    {
        _goesOn.Set();
        await base.DisposeAsync();
        _goesOn.Dispose();
    }

    protected override CallServerOptions Configure(CallServerOptions options)
    {
        _wire.OnSent = (message, _) =>
        {
            _sent.Append(message);
            _goesOn.Wait(Support.Patience.Limit);
        };
        return options with { Sip = options.Sip with { OtherTransports = [_wire] } };
    }

    [Fact(DisplayName = "RFC 3261 section 14.2: a re-INVITE that asks for our offer while another of ours is on its way gets 491, and ours is made again")]
    public async Task Late_offer_that_crosses_ours()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        Rig.Functions.Publish(WorkerRig.Snapshot(new TrunkEntry("world", ["+49"], "sip:192.0.2.9:5060;transport=tcp")));
        await Rig.Server.DirectoryLearnsAsync(directory => directory.RouteTo(WorkerRig.Domain, Number) is Route.ToTrunk);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var invite = await SentAsync(SipMethod.Invite, from: 0);
        Receive(Answer(invite, SipUa.Sdp("8")));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);

        // The stack stands still in the answer to a question; behind it the re-INVITE waits, and behind that our offer.
        _goesOn.Reset();
        var stopped = Task.Run(() => Receive(Request(invite, SipMethod.Options, 1))); // who brings a message may have to handle it
        await _sent.WaitAsync(message => message is SipResponse { Status: 200 } ok && ok.CSeq.Method == SipMethod.Options, "the answer");
        Receive(Request(invite, SipMethod.Invite, 2));
        await Rig.Api.OrderAsync(id, "hold", new LegCommand());
        var before = _sent.Count;
        _goesOn.Set();
        await stopped;

        var refused = await _sent.WaitAsync(message => message is SipResponse { Status: >= 200 } final && final.CSeq.Method == SipMethod.Invite, "the refusal", from: before);
        Assert.Equal(491, ((SipResponse)refused).Status);
        Receive(Request(invite, SipMethod.Ack, 2, branchOf: 2));
        var again = await SentAsync(SipMethod.Invite, before);
        Assert.Contains("a=sendonly", Encoding.ASCII.GetString(again.Body.Span), StringComparison.Ordinal);
        Receive(Answer(again, SipUa.Sdp("8", "a=recvonly\r\n")));
        await SentAsync(SipMethod.Ack, before);

        // What was refused may be asked once more.
        Receive(Request(invite, SipMethod.Invite, 3));
        var offered = await _sent.WaitAsync(message => message is SipResponse { Status: 200 } ok && ok.CSeq.Method == SipMethod.Invite, "our offer", from: before);
        Assert.Contains("a=sendonly", Encoding.ASCII.GetString(offered.Body.Span), StringComparison.Ordinal);
    }

    private async Task<SipRequest> SentAsync(SipMethod method, int from) =>
        (SipRequest)await _sent.WaitAsync(message => message is SipRequest request && request.Method == method, $"a {method}", from: from);

    private void Receive(string message) => _wire.Receive(Encoding.ASCII.GetBytes(message), Far);

    private static string Answer(SipRequest invite, byte[] sdp) =>
        $"SIP/2.0 200 OK\r\n{Lines(invite, HeaderName.Via)}From: {invite.Headers.Get(HeaderName.From)}\r\nTo: {To(invite)}\r\nCall-ID: {invite.CallId}\r\n"
        + $"CSeq: {invite.CSeq}\r\nContact: <sip:far@192.0.2.9:5060;transport=tcp>\r\nContent-Type: application/sdp\r\nContent-Length: {sdp.Length}\r\n\r\n"
        + Encoding.ASCII.GetString(sdp);

    // The far end's own, in the dialog that the INVITE made.
    private static string Request(SipRequest invite, SipMethod method, int sequence, int? branchOf = null) =>
        $"{method} {invite.Contacts![0].Uri} SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bK-{branchOf ?? sequence}\r\nMax-Forwards: 70\r\n"
        + $"From: {To(invite)}\r\nTo: {invite.Headers.Get(HeaderName.From)}\r\nCall-ID: {invite.CallId}\r\nCSeq: {sequence} {method}\r\n"
        + "Contact: <sip:far@192.0.2.9:5060;transport=tcp>\r\nContent-Length: 0\r\n\r\n";

    private static string To(SipRequest invite) => invite.To.Tag is null ? $"{invite.Headers.Get(HeaderName.To)};tag=far" : invite.Headers.Get(HeaderName.To)!;

    private static string Lines(SipRequest request, HeaderName name) => string.Concat(request.Headers.GetAll(name).Select(value => $"{name}: {value}\r\n"));
}
