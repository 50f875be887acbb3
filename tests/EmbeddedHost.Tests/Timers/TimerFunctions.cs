using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.TestKit.Events;

namespace ClickToDial.EmbeddedHost.Tests.Timers;

/// <summary>What timer functions were told, and what they do.</summary>
public sealed class TimerRecorder
{
    public EventLog<TimerInfo> Runs { get; } = new("timer runs");

    public Func<Task> Script { get; set; } = () => Task.CompletedTask;

    public Task RunAsync(TimerInfo info)
    {
        Runs.Append(info);
        return Script();
    }
}

public sealed class HourlyFunction(TimerRecorder recorder)
{
    [Function("Hourly")]
    public Task Run([TimerTrigger("%Timers:Hourly%")] TimerInfo timer) => recorder.RunAsync(timer);
}

public sealed class StartupFunction(TimerRecorder recorder)
{
    [Function("AtStart")]
    public Task Run([TimerTrigger("*/10 * * * * *", RunOnStartup = true)] TimerInfo timer) => recorder.RunAsync(timer);
}
