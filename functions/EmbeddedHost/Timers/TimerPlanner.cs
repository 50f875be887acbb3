using Azure.Core;
using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Settings;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>Reads the schedules of timer functions.</summary>
internal sealed class TimerPlanner(SettingResolver settings)
{
    public TimerPlan? Plan(FunctionEntry function, ICollection<string> errors)
    {
        var trigger = (TimerTriggerAttribute)function.Trigger;
        var text = settings.Resolve(trigger.Schedule, out var error);
        var schedule = text is null ? null : Schedule.Parse(text, out error);
        var store = trigger.UseMonitor && schedule is { FiresWithinAMinute: false } ? Store(function, ref error) : null;
        if (error is not null) errors.Add($"Function '{function.Name}': {error.TrimEnd('.')}.");
        return error is null && schedule is not null ? new TimerPlan(function, schedule, trigger.RunOnStartup, store) : null;
    }

    private TableScheduleStore? Store(FunctionEntry function, ref string? error)
    {
        var connection = settings.Connection(name: null, out error);
        if (connection is null) return null;
        try
        {
            var options = new TableClientOptions
            {
                Retry = { Mode = RetryMode.Exponential, MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(200), NetworkTimeout = TimeSpan.FromSeconds(10) },
            };
            var table = new TableClient(connection, TableScheduleStore.TableName, options);
            return new TableScheduleStore(table, function.Method.Module.Assembly.GetName().Name ?? "app");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            // The exception's text may hold the account key.
            error = "AzureWebJobsStorage is not a storage connection string";
            return null;
        }
    }
}
