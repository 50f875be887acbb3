using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>What the worker logs goes to the output of the test that runs it.</summary>
public sealed class TestOutput : ILoggerProvider, ILogger
{
    public static ILoggerFactory Factory { get; } = LoggerFactory.Create(logging => logging.AddProvider(new TestOutput()).SetMinimumLevel(LogLevel.Information));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel} {formatter(state, exception)} {exception}");
        }
        catch (InvalidOperationException)
        {
            // The test is over; what is still said has no reader.
        }
    }

    public void Dispose()
    {
    }
}
