using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using ClickToDial.Contracts.Telemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ClickToDial.Worker.Telemetry;

/// <summary>Sends to Application Insights, with a managed identity where one is named. A class of its own: what it needs is loaded only where it is used.</summary>
internal static class Insights
{
    public static TracerProviderBuilder AddTo(TracerProviderBuilder traces, TelemetryOptions options) =>
        traces.AddAzureMonitorTraceExporter(monitor => Aim(monitor, options));

    public static MeterProviderBuilder AddTo(MeterProviderBuilder metrics, TelemetryOptions options) =>
        metrics.AddAzureMonitorMetricExporter(monitor => Aim(monitor, options));

    public static void AddTo(OpenTelemetryLoggerOptions logs, TelemetryOptions options) =>
        logs.AddAzureMonitorLogExporter(monitor => Aim(monitor, options));

    private static void Aim(AzureMonitorExporterOptions monitor, TelemetryOptions options)
    {
        monitor.ConnectionString = options.Insights;
        monitor.Credential = Credential(options.InsightsIdentity);
        // Live metrics ask every second, and what could not be sent would lie on a disk that may be read-only.
        monitor.EnableLiveMetrics = false;
        monitor.DisableOfflineStorage = true;
    }

    private static ManagedIdentityCredential? Credential(string authentication) => authentication.Length == 0
        ? null
        : new ManagedIdentityCredential(
            InsightsAddress.ClientId(authentication) is { } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned);
}
