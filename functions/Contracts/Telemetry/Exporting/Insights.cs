using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ClickToDial.Contracts.Telemetry.Exporting;

/// <summary>
/// Sends to Application Insights, with a managed identity where one is named. A class of its own: what it needs is loaded only where it is used.
/// Compiled into the functions and into the worker, as the contracts themselves need no package.
/// </summary>
internal static class Insights
{
    public static TracerProviderBuilder AddTo(TracerProviderBuilder traces, string connection, string identity) =>
        traces.AddAzureMonitorTraceExporter(monitor => Aim(monitor, connection, identity));

    public static MeterProviderBuilder AddTo(MeterProviderBuilder metrics, string connection, string identity) =>
        metrics.AddAzureMonitorMetricExporter(monitor => Aim(monitor, connection, identity));

    public static void AddTo(OpenTelemetryLoggerOptions logs, string connection, string identity) =>
        logs.AddAzureMonitorLogExporter(monitor => Aim(monitor, connection, identity));

    private static void Aim(AzureMonitorExporterOptions monitor, string connection, string identity)
    {
        monitor.ConnectionString = connection;
        monitor.Credential = Credential(identity);
        // Live metrics ask every second, and what could not be sent would lie on a disk that may be read-only.
        monitor.EnableLiveMetrics = false;
        monitor.DisableOfflineStorage = true;
    }

    private static ManagedIdentityCredential? Credential(string authentication) => authentication.Length == 0
        ? null
        : new ManagedIdentityCredential(
            InsightsAddress.ClientId(authentication) is { } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned);
}
