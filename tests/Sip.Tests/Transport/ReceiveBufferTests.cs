using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Tests.Transport;

/// <summary>What the kernel grants differs from machine to machine; whether it is said must fit what it is here.</summary>
public sealed class ReceiveBufferTests
{
    private const int Wanted = 4 * 1024 * 1024;

    [Fact(DisplayName = "A receive buffer that net.core.rmem_max caps is said at the start, with the figure, and one that it does not is not")]
    public async Task Cap_is_said()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = Wanted };
        var granted = probe.ReceiveBufferSize / 2;
        var log = new Lines();
        await using var transport = new UdpTransport(new IPEndPoint(IPAddress.Loopback, 0), SipLimits.Default, log);
        transport.Start(new Nobody());
        Assert.Equal(granted, transport.ReceiveBuffer);
        if (granted >= Wanted) Assert.Empty(log.Warnings);
        else Assert.Contains($"has {granted} bytes", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    private sealed class Nobody : ISipTransportSink
    {
        public bool OnMessage(Sip.Messages.SipMessage message, SipFlow flow) => true;

        public void OnFlowFailed(SipFlow flow)
        {
        }
    }

    private sealed class Lines : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning) Warnings.Add(formatter(state, exception));
        }
    }
}
