using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transport;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>The connections of one life of the broker, and the links on them.</summary>
internal sealed class BusWire(IReadOnlyDictionary<string, BusQueue> queues, BusLoop loop, TimeProvider time) : IRuntimeProvider
{
    private const string SessionFilter = "com.microsoft:session-filter";
    private static readonly AmqpSymbol LockedUntil = "com.microsoft:locked-until-utc";
    private static readonly AmqpSymbol WaitFor = "com.microsoft:timeout";

    private readonly ConcurrentDictionary<AmqpConnection, byte> _connections = [];
    private readonly Dictionary<SendingAmqpLink, BusReceiver> _receivers = [];
    private readonly List<BusSessionWait> _waiting = [];
    private readonly BusDesk _desk = new(queues, time);

    public void Accept(TransportAsyncCallbackArgs accepted, AmqpSettings settings)
    {
        var header = (ProtocolHeader)accepted.UserToken;
        var own = new AmqpConnectionSettings { ContainerId = "test-broker", MaxFrameSize = 65_536 };
        var connection = CreateConnection(accepted.Transport, header, isInitiator: false, settings, own);
        _connections.TryAdd(connection, 0);
        connection.SafeAddClosed((_, _) => _connections.TryRemove(connection, out _));
        _ = OpenAsync(connection);
    }

    public void Abort()
    {
        foreach (var connection in _connections.Keys) connection.Abort();
    }

    /// <summary>On the loop, after every step.</summary>
    public void Pump(DateTimeOffset now)
    {
        _waiting.RemoveAll(waiting => waiting.TryEnd(now));
        foreach (var (link, receiver) in _receivers.ToList())
        {
            if (receiver.Session is { } session && session.Holder != link) receiver.LoseSession();
            else receiver.Pump();
        }
    }

    public AmqpConnection CreateConnection(
        TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings, AmqpConnectionSettings connectionSettings) =>
        new(transport, protocolHeader, isInitiator, amqpSettings, connectionSettings);

    public AmqpSession CreateSession(AmqpConnection connection, AmqpSessionSettings settings) => throw new NotSupportedException();

    public AmqpLink CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        settings.MaxMessageSize = 1_048_576;
        if (settings.Role == false) return new SendingAmqpLink(session, settings);
        (settings.TotalLinkCredit, settings.AutoSendFlow) = (500, true);
        return new ReceivingAmqpLink(session, settings);
    }

    public IAsyncResult BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state) =>
        TaskToAsyncResult.Begin(link is ReceivingAmqpLink taker ? TakeFromAsync(taker) : GiveToAsync((SendingAmqpLink)link), callback, state);

    public void EndOpenLink(IAsyncResult result) => TaskToAsyncResult.End(result);

    private Task<int> TakeFromAsync(ReceivingAmqpLink link) => loop.AskAsync(() =>
    {
        var address = Name(((Target)link.Settings.Target).Address);
        var queue = BusDesk.IsDesk(address) ? null : Queue(address);
        link.RegisterMessageListener(message => loop.Post(() =>
        {
            if (queue is null) _desk.Answer(address, message);
            Settle(link, message, queue);
        }));
        return 0;
    });

    private void Settle(ReceivingAmqpLink link, AmqpMessage message, BusQueue? queue)
    {
        DeliveryState outcome = AmqpConstants.AcceptedOutcome;
        try
        {
            if (queue is not null)
                foreach (var one in BusMessage.ReadAll(message)) queue.Put(one, time.GetUtcNow());
        }
        catch (AmqpException e)
        {
            outcome = new Rejected { Error = e.Error };
        }

        try
        {
            link.DisposeMessage(message, outcome, settled: true, batchable: false);
        }
        catch (AmqpException) when (link.IsClosing())
        {
            // The sender has gone without waiting for its answer.
        }
    }

    private async Task GiveToAsync(SendingAmqpLink link)
    {
        var source = (Source)link.Settings.Source;
        var address = Name(source.Address);
        if (BusDesk.IsDesk(address))
        {
            await loop.AskAsync(() => _desk.Register(link));
            return;
        }

        var waiting = await loop.AskAsync(() => Wait(link, source, Queue(address)));
        var session = await waiting.Session;
        await loop.AskAsync(() => Attach(link, Queue(address), session));
    }

    private BusSessionWait Wait(SendingAmqpLink link, Source source, BusQueue queue)
    {
        object? wanted = null;
        var bySession = source.FilterSet?.TryGetValue<object>(SessionFilter, out wanted) == true;
        if (queue.Options.RequiresSession && !bySession) throw BusErrors.NeedsSession();
        var patience = link.Settings.Properties?.TryGetValue<uint>(WaitFor, out var milliseconds) == true ? milliseconds : 30_000;
        var id = (wanted as DescribedType)?.Value as string ?? wanted as string;
        var waiting = new BusSessionWait(link, queue, bySession, id, time.GetUtcNow() + TimeSpan.FromMilliseconds(patience * 0.9));
        _waiting.Add(waiting);
        return waiting;
    }

    private int Attach(SendingAmqpLink link, BusQueue queue, BusSession? session)
    {
        if (session is not null)
        {
            ((Source)link.Settings.Source).FilterSet[SessionFilter] = session.Id;
            (link.Settings.Properties ??= new Fields())[LockedUntil] = session.LockedUntil.UtcTicks;
        }

        var receiver = new BusReceiver(link, queue, session, time);
        _receivers.Add(link, receiver);
        link.RegisterCreditListener((_, _, _) => loop.Post(receiver.Pump));
        link.RegisterDispositionListener(delivery => loop.Post(() => receiver.Settle(delivery)));
        link.SafeAddClosed((_, _) => loop.Post(() =>
        {
            _receivers.Remove(link);
            receiver.Close();
        }));
        return 0;
    }

    private BusQueue Queue(string address) => queues.TryGetValue(address, out var queue) ? queue : throw BusErrors.NoQueue(address);

    /// <summary>The SDK says a path, or a whole URL.</summary>
    private static string Name(Address address)
    {
        var text = address.ToString()!;
        return (Uri.TryCreate(text, UriKind.Absolute, out var url) && !url.IsFile ? url.AbsolutePath : text).Trim('/');
    }

    private static async Task OpenAsync(AmqpConnection connection)
    {
        try
        {
            await connection.OpenAsync(AmqpConstants.DefaultTimeout);
        }
        catch (Exception e) when (e is AmqpException or IOException or System.Net.Sockets.SocketException or OperationCanceledException or TimeoutException)
        {
            connection.Abort();
        }
    }
}
