using System.Collections.Concurrent;
using ClickToDial.Media.Plane;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Tests.Plane;

public sealed class ScarcePortsTests
{
    private const int PortsScarce = 4009;

    [Fact]
    public async Task Operator_is_told_once_a_minute_that_ports_do_not_rest_as_long_as_they_should()
    {
        var time = new ManualTimeProvider();
        var log = new Recorder();
        var options = new MediaOptions { BindAddress = "127.0.0.1", Engine = PacketEngine.Epoll, FirstPort = 35000, LastPort = 35019, QuarantineSeconds = 30 };
        await using var plane = await MediaPlane.StartAsync(options, time, log);
        for (var second = 0; second < 70; second++)
        {
            await plane.TryOpenLeg()!.CloseAsync();
            Assert.Equal(second < 10 ? 0 : 1, log.Count(PortsScarce));
            time.Advance(TimeSpan.FromSeconds(1));
        }
        await plane.TryOpenLeg()!.CloseAsync();
        Assert.Equal(2, log.Count(PortsScarce));
    }

    private sealed class Recorder : ILogger<MediaPlane>
    {
        private readonly ConcurrentQueue<int> _events = [];

        public int Count(int id) => _events.Count(told => told == id);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _events.Enqueue(eventId.Id);
    }
}
