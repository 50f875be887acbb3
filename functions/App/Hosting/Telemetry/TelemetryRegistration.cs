using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Hosting.Telemetry;

public static class TelemetryRegistration
{
    /// <summary>Called first: what is started before is not seen.</summary>
    public static void AddTelemetry(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<TelemetryOptions>(TelemetryOptions.Section);
        builder.Services.AddHostedService<Exporters>();
        Exporters.AddLogs(builder.Logging, builder.Configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}"]);
        builder.UseMiddleware<TraceMiddleware>();
    }
}
