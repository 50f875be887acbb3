using System.Collections.Concurrent;
using System.Net.Sockets;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using ClickToDial.TestKit.Network;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>What the kernel grants differs from machine to machine; whether it is said must fit what it is here.</summary>
public sealed class SharedBufferTests
{
    private const int SmallReceiveBuffer = 4010;

    [Fact]
    public async Task Cap_of_the_buffer_that_browsers_share_is_said_with_its_figure_and_no_cap_is_not()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = UdpSocket.SharedBufferBytes };
        var granted = probe.ReceiveBufferSize / 2;
        using var ports = PortBlock.Take();
        var (first, last) = ports.NextRange(4);
        var options = new MediaOptions { BindAddress = "127.0.0.1", Engine = PacketEngine.Epoll, FirstPort = first, LastPort = last, BrowserPort = ports.Next() };
        var log = new Recorder();
        await using var plane = await MediaPlane.StartAsync(options, TimeProvider.System, log);
        var said = log.Of(SmallReceiveBuffer);
        if (granted >= UdpSocket.SharedBufferBytes) Assert.Empty(said);
        else Assert.Contains($"has {granted} bytes", Assert.Single(said), StringComparison.Ordinal);
    }

    private sealed class Recorder : ILogger<MediaPlane>
    {
        private readonly ConcurrentQueue<(int Id, string Text)> _lines = [];

        public List<string> Of(int id) => [.. _lines.Where(line => line.Id == id).Select(line => line.Text)];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue((eventId.Id, formatter(state, exception)));
    }
}
