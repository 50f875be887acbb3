using ClickToDial.Worker.Configuration;
using ClickToDial.Worker.Telemetry;

namespace ClickToDial.Worker.Lifetime;

/// <summary>Where all lines of the process go, from its first part to its last: JSON on standard output.</summary>
internal static class Logs
{
    /// <param name="configuration">Its section "Logging" says what is written.</param>
    public static ILoggerFactory Create(IConfiguration configuration, WorkerSettings settings) => LoggerFactory.Create(logging =>
    {
        logging
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fff'Z'";
            })
            // A line for each question about health would drown the rest.
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (settings.Telemetry.IsSent) Exporters.AddLogs(logging, settings.Telemetry, settings.Worker.Name);
    });
}
