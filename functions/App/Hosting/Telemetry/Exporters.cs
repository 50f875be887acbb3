using ClickToDial.Contracts.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClickToDial.App.Hosting.Telemetry;

/// <summary>Takes spans and metrics of the functions to where the settings say. Nothing of OpenTelemetry is loaded where no collector is named.</summary>
public sealed class Exporters(TelemetryOptions options) : IHostedService, IAsyncDisposable
{
    private const string Meters = "ClickToDial.*";
    private const string Part = "functions";

    private SpanFile? _file;
    private IDisposable[] _providers = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Stars.Shown = options.ShowNumbers;
        if (options.SpanFile.Length > 0) _file = new SpanFile(options.SpanFile, Part);
        if (options.OtlpEndpoint.Length > 0) _providers = Providers(new Uri(options.OtlpEndpoint));
        return Task.CompletedTask;
    }

    // What ends last is told as well: disposed of with the host.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers) provider.Dispose();
        _providers = [];
        if (_file is not null) await _file.DisposeAsync();
        _file = null;
    }

    /// <param name="endpoint">What the settings say, before they have been checked.</param>
    public static void AddLogs(ILoggingBuilder logging, string? endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url)) return;
        logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(Resource());
            logs.AddOtlpExporter(otlp => Aim(otlp, url, "logs"));
        });
    }

    private static IDisposable[] Providers(Uri endpoint) =>
    [
        Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(Spans.Sources).AddOtlpExporter(otlp => Aim(otlp, endpoint, "traces")).Build(),
        Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource()).AddMeter(Meters).AddOtlpExporter(otlp => Aim(otlp, endpoint, "metrics")).Build(),
    ];

    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService($"click-to-dial-{Part}", serviceInstanceId: Environment.MachineName);

    // An address that is set by code is taken as it is, without the signal's path.
    private static void Aim(OtlpExporterOptions otlp, Uri endpoint, string signal)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }
}
