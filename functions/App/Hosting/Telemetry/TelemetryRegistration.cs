using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Hosting.Telemetry;

public static class TelemetryRegistration
{
    /// <summary>Called first: what is started before is not seen.</summary>
    public static void AddTelemetry(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<TelemetryOptions>(TelemetryOptions.Section);
        builder.Services.AddOptions<TelemetryOptions>().PostConfigure<IConfiguration>((options, configuration) => options.Complete(configuration));
        builder.Services.AddHostedService<Exporters>();
        Exporters.AddLogs(builder.Logging, Unchecked(builder.Configuration));
        builder.UseMiddleware<TraceMiddleware>();
    }

    private static TelemetryOptions Unchecked(ConfigurationManager configuration)
    {
        var section = configuration.GetSection(TelemetryOptions.Section);
        var options = new TelemetryOptions
        {
            OtlpEndpoint = section[nameof(TelemetryOptions.OtlpEndpoint)] ?? "",
            Insights = section[nameof(TelemetryOptions.Insights)] ?? "",
            InsightsIdentity = section[nameof(TelemetryOptions.InsightsIdentity)] ?? "",
        };
        options.Complete(configuration);
        return options;
    }
}
