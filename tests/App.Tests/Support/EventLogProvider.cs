using ClickToDial.TestKit.Events;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Support;

/// <summary>Makes what the app logs observable, and so what it does.</summary>
internal sealed class EventLogProvider(EventLog<LogLine> log) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        log.Append(new LogLine(logLevel, eventId.Id, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
        // Nothing is held.
    }
}
