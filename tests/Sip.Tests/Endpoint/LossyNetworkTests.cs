using System.Net;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Sip;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>Two endpoints with the timers of RFC 3261 on a bad network: one in five datagrams is lost, in each direction.</summary>
public sealed class LossyNetworkTests
{
    private static readonly VirtualLink Bad = new(Loss: 0.2, Duplication: 0.05, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(120));
    private static readonly IPEndPoint Server = new(IPAddress.Parse("192.0.2.1"), 5060);

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Registration_and_call_succeed(int seed)
    {
        var time = new ManualTimeProvider();
        var network = new VirtualNetwork(time, new Random(seed), Bad);
        await using var phone = new Side(network.ConnectBehind(IPAddress.Parse("203.0.113.7"), new IPEndPoint(IPAddress.Parse("10.0.0.2"), 5060)), time);
        await using var server = new Side(network.Connect(Server), time);

        var registered = phone.Register(new SipFlow(SipTransportKind.Udp, Server));
        Assert.Equal(200, (await WhenAsync(time, registered)).Status);

        phone.Call(new SipFlow(SipTransportKind.Udp, Server));
        var dialog = await WhenAsync(time, phone.Accepted);
        await WhenAsync(time, server.Acknowledged);

        Assert.Equal(200, (await WhenAsync(time, phone.HangUp(dialog))).Status);
        await WhenAsync(time, server.HungUp);
        Assert.Equal(1, server.Invites);

        for (var i = 0; i < 7000; i++) time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(new SipLoad(0, 0, 0, 0), await server.Endpoint.MeasureLoadAsync());
        Assert.Equal(new SipLoad(0, 0, 0, 0), await phone.Endpoint.MeasureLoadAsync());
    }

    [Fact]
    public void Network_is_as_bad_as_it_says()
    {
        var time = new ManualTimeProvider();
        var network = new VirtualNetwork(time, new Random(1), Bad);
        var transport = network.Connect(Server);
        network.Connect(new IPEndPoint(Server.Address, 5070)).Start(new Nobody());
        for (var i = 0; i < 1000; i++) transport.TrySend(new SipFlow(SipTransportKind.Udp, new IPEndPoint(Server.Address, 5070)), "\r\n\r\n"u8);
        time.Advance(Bad.LongestDelay);
        Assert.InRange(network.Lost, 150, 250);
    }

    [Fact]
    public async Task Phone_whose_translator_forgets_it_is_reached_again_once_it_has_spoken()
    {
        var time = new ManualTimeProvider();
        var network = new VirtualNetwork(time, new Random(1), VirtualLink.Good);
        var behind = network.ConnectBehind(IPAddress.Parse("203.0.113.7"), new IPEndPoint(IPAddress.Parse("10.0.0.2"), 5060));
        await using var phone = new Side(behind, time);
        await using var server = new Side(network.Connect(Server), time);
        phone.Call(new SipFlow(SipTransportKind.Udp, Server));
        var dialog = await WhenAsync(time, phone.Accepted);
        await WhenAsync(time, server.Acknowledged);

        network.Rebind(behind);
        Assert.Equal(200, (await WhenAsync(time, phone.Inform(dialog))).Status);

        Assert.Equal(200, (await WhenAsync(time, server.HangUp(server.Dialog!))).Status);
        await WhenAsync(time, phone.HungUp);
    }

    // Moves the clock until it happens; 64*T1 and some more is the longest that any of it may take.
    private static async Task<T> WhenAsync<T>(ManualTimeProvider time, Task<T> happened)
    {
        for (var i = 0; i < 4000 && !happened.IsCompleted; i++) time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.True(happened.IsCompleted, "It never happened.");
        return await happened;
    }

    private sealed class Nobody : ISipTransportSink
    {
        public bool OnMessage(SipMessage message, SipFlow flow) => true;

        public void OnFlowFailed(SipFlow flow)
        {
        }
    }

    /// <summary>One end: it answers what it is asked, and keeps what the test waits for.</summary>
    private sealed class Side : ISipHandler, IInviteUser, IAsyncDisposable
    {
        private static readonly NameAddress Me = new(SipUri.Create("me", "example.com"), null);
        private readonly TaskCompletionSource<Dialog> _accepted = new();
        private readonly TaskCompletionSource<bool> _acknowledged = new();
        private readonly TaskCompletionSource<bool> _hungUp = new();

        public Side(VirtualTransport transport, TimeProvider time)
        {
            Endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [], OtherTransports = [transport] }, time, NullLogger<SipEndpoint>.Instance);
            Endpoint.Start(this);
        }

        public SipEndpoint Endpoint { get; }

        public Task<Dialog> Accepted => _accepted.Task;

        public Task<bool> Acknowledged => _acknowledged.Task;

        public Task<bool> HungUp => _hungUp.Task;

        public Dialog? Dialog { get; private set; }

        public int Invites { get; private set; }

        public Task<RequestOutcome> Register(SipFlow server) => Ask(done =>
            Endpoint.Request(Endpoint.CreateRequest(SipMethod.Register, SipUri.Create(null, "example.com"), Me, Me, Contact(server)), server, done));

        public void Call(SipFlow server) =>
            Endpoint.Invite(Endpoint.CreateRequest(SipMethod.Invite, SipUri.Create("you", "example.com"), Me, Me, Contact(server)), server, this);

        public Task<RequestOutcome> Inform(Dialog dialog) => Ask(done => Endpoint.Request(dialog, dialog.CreateRequest(SipMethod.Info), done));

        public Task<RequestOutcome> HangUp(Dialog dialog) => Ask(done =>
        {
            Endpoint.Request(dialog, dialog.CreateRequest(SipMethod.Bye), done);
            Endpoint.Dialogs.Remove(dialog);
        });

        public void OnRequest(ServerTransaction transaction)
        {
            if (transaction.Request.Method != SipMethod.Invite)
            {
                transaction.Respond(200);
                return;
            }
            Invites++;
            transaction.Respond(180);
            transaction.Acknowledged = _ => _acknowledged.TrySetResult(true);
            Dialog = Dialog.FromIncoming(transaction, Contact(transaction.Flow))!;
            Dialog.User = this;
            Endpoint.Dialogs.Add(Dialog);
            var response = transaction.CreateResponse(200);
            response.Headers.Add(HeaderName.Contact, $"<{Contact(transaction.Flow)}>");
            transaction.Respond(response);
            Dialog.Confirm();
        }

        public void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early)
        {
        }

        public void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog) => _accepted.TrySetResult(dialog);

        public void OnFailed(OutgoingInvite invite, RequestOutcome outcome) =>
            _accepted.TrySetException(new InvalidOperationException($"The call failed: {outcome}"));

        public void OnDialogRequest(Dialog dialog, ServerTransaction transaction)
        {
            transaction.Respond(200);
            if (transaction.Request.Method != SipMethod.Bye) return;
            Endpoint.Dialogs.Remove(dialog);
            _hungUp.TrySetResult(true);
        }

        public ValueTask DisposeAsync() => Endpoint.DisposeAsync();

        private SipUri Contact(SipFlow towards) => Endpoint.ContactFor(towards, "me")!;

        private static Task<RequestOutcome> Ask(Action<Action<RequestOutcome>> ask)
        {
            var answer = new TaskCompletionSource<RequestOutcome>();
            ask(outcome => answer.TrySetResult(outcome));
            return answer.Task;
        }
    }
}
