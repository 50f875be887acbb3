using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Ice;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Media.Tests.Ice;

/// <summary>RFC 6544: the way of browsers by TCP, when the machine refuses for a while.</summary>
public sealed class TcpCandidateTests
{
    [Fact]
    public async Task An_accept_that_fails_costs_the_browsers_after_it_nothing()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var port = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var where = listener.LocalEndPoint!;
        var time = new ManualTimeProvider();
        var failures = 2;
        await using var candidate = new TcpCandidate(
            listener, (IPEndPoint)port.LocalEndPoint!, time, NullLogger.Instance,
            stop => failures-- > 0 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : listener.AcceptAsync(stop));
        Assert.Equal((1, 1), (failures, time.ArmedTimers));
        time.Advance(TimeSpan.FromMilliseconds(100));
        while (Volatile.Read(ref failures) > 0 || time.ArmedTimers == 0) await Task.Yield();
        time.Advance(TimeSpan.FromMilliseconds(100));

        using var browser = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await browser.ConnectAsync(where, limit.Token);
        await browser.SendAsync(new byte[] { 0, 3, 7, 8, 9 }, limit.Token);
        var datagram = new byte[10];
        var length = await port.ReceiveAsync(datagram, limit.Token);
        Assert.Equal([7, 8, 9], datagram[..length]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_place_is_kept_by_who_is_answered(bool isAnswered)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var port = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var where = listener.LocalEndPoint!;
        var time = new ManualTimeProvider();
        await using var candidate = new TcpCandidate(listener, (IPEndPoint)port.LocalEndPoint!, time, NullLogger.Instance, listener.AcceptAsync);
        using var browser = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await browser.ConnectAsync(where, limit.Token);
        var buffer = new byte[10];
        await browser.SendAsync(new byte[] { 0, 1, 7 }, limit.Token);
        var first = await port.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        if (isAnswered)
        {
            await port.SendToAsync(new byte[] { 8 }, first.RemoteEndPoint, limit.Token);
            Assert.Equal(3, await browser.ReceiveAsync(buffer, limit.Token));
        }
        time.Advance(TimeSpan.FromSeconds(10));
        if (isAnswered)
        {
            await browser.SendAsync(new byte[] { 0, 1, 9 }, limit.Token);
            Assert.Equal(1, await port.ReceiveAsync(buffer, limit.Token));
            Assert.Equal(9, buffer[0]);
            time.Advance(TimeSpan.FromSeconds(20)); // Half a minute without another answer.
        }
        Assert.Equal(0, await browser.ReceiveAsync(buffer, limit.Token));
    }

    [Fact]
    public async Task Frames_arm_no_timers_of_their_own()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var port = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var where = listener.LocalEndPoint!;
        var time = new CountingTime();
        await using var candidate = new TcpCandidate(listener, (IPEndPoint)port.LocalEndPoint!, time, NullLogger.Instance, listener.AcceptAsync);
        using var browser = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await browser.ConnectAsync(where, limit.Token);
        var buffer = new byte[10];
        for (var frame = 0; frame < 10; frame++)
        {
            await browser.SendAsync(new byte[] { 0, 1, 7 }, limit.Token);
            var got = await port.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
            await port.SendToAsync(new byte[] { 8 }, got.RemoteEndPoint, limit.Token);
            for (var answered = 0; answered < 3;) answered += await browser.ReceiveAsync(buffer, limit.Token);
        }
        Assert.Equal(2, time.Timers); // One for each way.
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
