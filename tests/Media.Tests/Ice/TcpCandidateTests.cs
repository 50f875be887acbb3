using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Ice;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Media.Tests.Ice;

/// <summary>RFC 6544: the way of browsers by TCP, when the machine refuses for a while.</summary>
public sealed class TcpCandidateTests : IDisposable
{
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Socket _port = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly EndPoint _where;

    public TcpCandidateTests()
    {
        _limit.CancelAfter(TimeSpan.FromSeconds(20));
        _port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _where = _listener.LocalEndPoint!;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _port.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task An_accept_that_fails_costs_the_browsers_after_it_nothing()
    {
        var time = new ManualTimeProvider();
        var failures = 2;
        await using var candidate = new TcpCandidate(
            _listener, (IPEndPoint)_port.LocalEndPoint!, time, NullLogger.Instance,
            stop => failures-- > 0 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : _listener.AcceptAsync(stop));
        Assert.Equal((1, 1), (failures, time.ArmedTimers));
        time.Advance(TimeSpan.FromMilliseconds(100));
        while (Volatile.Read(ref failures) > 0 || time.ArmedTimers == 0) await Task.Yield();
        time.Advance(TimeSpan.FromMilliseconds(100));

        using var browser = await BrowserAsync();
        await browser.SendAsync(new byte[] { 0, 3, 7, 8, 9 }, _limit.Token);
        var datagram = new byte[10];
        var length = await _port.ReceiveAsync(datagram, _limit.Token);
        Assert.Equal([7, 8, 9], datagram[..length]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_place_is_kept_by_who_is_answered(bool isAnswered)
    {
        var time = new ManualTimeProvider();
        await using var candidate = new TcpCandidate(_listener, (IPEndPoint)_port.LocalEndPoint!, time, NullLogger.Instance, _listener.AcceptAsync);
        using var browser = await BrowserAsync();
        var buffer = new byte[10];
        await browser.SendAsync(new byte[] { 0, 1, 7 }, _limit.Token);
        var first = await _port.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _limit.Token);
        if (isAnswered)
        {
            await _port.SendToAsync(new byte[] { 8 }, first.RemoteEndPoint, _limit.Token);
            Assert.Equal(3, await browser.ReceiveAsync(buffer, _limit.Token));
        }
        time.Advance(TimeSpan.FromSeconds(10));
        if (isAnswered)
        {
            await browser.SendAsync(new byte[] { 0, 1, 9 }, _limit.Token);
            Assert.Equal(1, await _port.ReceiveAsync(buffer, _limit.Token));
            Assert.Equal(9, buffer[0]);
            time.Advance(TimeSpan.FromSeconds(20)); // Half a minute without another answer.
        }
        Assert.Equal(0, await browser.ReceiveAsync(buffer, _limit.Token));
    }

    [Fact]
    public async Task Frames_arm_no_timers_of_their_own()
    {
        var time = new CountingTime();
        await using var candidate = new TcpCandidate(_listener, (IPEndPoint)_port.LocalEndPoint!, time, NullLogger.Instance, _listener.AcceptAsync);
        using var browser = await BrowserAsync();
        var buffer = new byte[10];
        for (var frame = 0; frame < 10; frame++)
        {
            await browser.SendAsync(new byte[] { 0, 1, 7 }, _limit.Token);
            var got = await _port.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _limit.Token);
            await _port.SendToAsync(new byte[] { 8 }, got.RemoteEndPoint, _limit.Token);
            for (var answered = 0; answered < 3;) answered += await browser.ReceiveAsync(buffer, _limit.Token);
        }
        Assert.Equal(2, time.Timers); // One for each way.
    }

    private async Task<Socket> BrowserAsync()
    {
        var browser = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await browser.ConnectAsync(_where, _limit.Token);
        return browser;
    }

    private sealed class CountingTime : TimeProvider
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _timers);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
