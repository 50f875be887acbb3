using System.Net;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;

namespace ClickToDial.TestKit.Sip;

/// <summary>How bad a network is; all of it by chance that a seed repeats.</summary>
/// <param name="Loss">Share of datagrams that never arrive, in each direction.</param>
/// <param name="Duplication">Share that arrives twice.</param>
/// <param name="ShortestDelay">What every datagram takes.</param>
/// <param name="LongestDelay">What the slowest takes; as each has its own delay, later ones overtake.</param>
public sealed record VirtualLink(double Loss, double Duplication, TimeSpan ShortestDelay, TimeSpan LongestDelay)
{
    public static VirtualLink Good { get; } = new(0, 0, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
}

/// <summary>
/// Datagrams between endpoints of one test, on its clock: they are lost, delayed, overtaken and doubled, and pass address
/// translators. Nothing moves but when the clock is moved.
/// </summary>
public sealed class VirtualNetwork(TimeProvider time, Random random, VirtualLink link)
{
    private readonly Dictionary<IPEndPoint, VirtualTransport> _outside = [];
    private int _nextPort = 40_000;

    /// <summary>Datagrams that were lost on the way.</summary>
    public int Lost { get; private set; }

    /// <summary>An interface with an address that everybody reaches.</summary>
    public VirtualTransport Connect(IPEndPoint address)
    {
        var transport = new VirtualTransport(this, address) { Outside = address };
        _outside[address] = transport;
        return transport;
    }

    /// <summary>An interface behind a translator: others see <paramref name="translator"/> and a port of its choice.</summary>
    public VirtualTransport ConnectBehind(IPAddress translator, IPEndPoint inside)
    {
        var transport = new VirtualTransport(this, inside) { Translator = translator, Outside = inside };
        Rebind(transport);
        return transport;
    }

    /// <summary>The translator forgets its mapping: what is sent next comes from another port, what is sent to the old one is lost.</summary>
    public void Rebind(VirtualTransport transport)
    {
        _outside.Remove(transport.Outside);
        transport.Outside = new IPEndPoint(transport.Translator ?? throw new ArgumentException("There is no translator.", nameof(transport)), _nextPort++);
        _outside[transport.Outside] = transport;
    }

    internal void Send(IPEndPoint from, IPEndPoint to, byte[] datagram)
    {
        if (random.NextDouble() < link.Loss)
        {
            Lost++;
            return;
        }
        var copies = random.NextDouble() < link.Duplication ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var delay = link.ShortestDelay + ((link.LongestDelay - link.ShortestDelay) * random.NextDouble());
            ITimer? timer = null;
            timer = time.CreateTimer(_ => Arrive(timer, from, to, datagram), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    private void Arrive(ITimer? timer, IPEndPoint from, IPEndPoint to, byte[] datagram)
    {
        timer?.Dispose();
        if (_outside.TryGetValue(to, out var receiver)) receiver.Take(from, datagram);
        else Lost++;
    }
}

/// <summary>One endpoint's place in a <see cref="VirtualNetwork"/>.</summary>
public sealed class VirtualTransport : ISipTransport
{
    private readonly VirtualNetwork _network;
    private ISipTransportSink? _sink;

    internal VirtualTransport(VirtualNetwork network, IPEndPoint local) => (_network, Local) = (network, local);

    public SipTransportKind Kind => SipTransportKind.Udp;

    public IPEndPoint Local { get; }

    /// <summary>The address that others see.</summary>
    public required IPEndPoint Outside { get; set; }

    /// <summary>The translator's address; null without one.</summary>
    public IPAddress? Translator { get; init; }

    public void Start(ISipTransportSink sink) => _sink = sink;

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(flow);
        _network.Send(Outside, flow.Remote, message.ToArray());
        return true;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal void Take(IPEndPoint from, byte[] datagram)
    {
        if (MessageParser.ParseDatagram(datagram, SipLimits.Default, out var message) == ParseVerdict.Message)
            _sink!.OnMessage(message!, new SipFlow(SipTransportKind.Udp, from));
    }
}
