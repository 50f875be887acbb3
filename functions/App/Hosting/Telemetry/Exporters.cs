using ClickToDial.Contracts.Telemetry;
using ClickToDial.Contracts.Telemetry.Exporting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClickToDial.App.Hosting.Telemetry;

/// <summary>Takes spans and metrics of the functions to where the settings say. Nothing of OpenTelemetry is loaded where nothing is named.</summary>
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
        if (options.IsSent) _providers = [Traces(options), Metrics(options)];
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

    /// <param name="options">What the settings say, before they have been checked: where they are wrong, nothing is added.</param>
    public static void AddLogs(ILoggingBuilder logging, TelemetryOptions options)
    {
        // Its request lines have query strings, and dial links carry credentials there. Nowhere, since Azure's host takes logs to places of its own.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (!options.IsSent || options.Faults().Any()) return;
        logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(Resource());
            if (options.OtlpEndpoint.Length > 0) logs.AddOtlpExporter(otlp => Aim(otlp, options, "logs"));
            if (options.Insights.Length > 0) Insights.AddTo(logs, options.Insights, options.InsightsIdentity);
        });
    }

    private static TracerProvider Traces(TelemetryOptions options)
    {
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(Spans.Sources);
        if (options.OtlpEndpoint.Length > 0) traces.AddOtlpExporter(otlp => Aim(otlp, options, "traces"));
        if (options.Insights.Length > 0) Insights.AddTo(traces, options.Insights, options.InsightsIdentity);
        return traces.Build();
    }

    private static MeterProvider Metrics(TelemetryOptions options)
    {
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource()).AddMeter(Meters);
        if (options.OtlpEndpoint.Length > 0) metrics.AddOtlpExporter(otlp => Aim(otlp, options, "metrics"));
        if (options.Insights.Length > 0) Insights.AddTo(metrics, options.Insights, options.InsightsIdentity);
        return metrics.Build();
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService($"click-to-dial-{Part}", serviceInstanceId: Environment.MachineName);

    // An address that is set by code is taken as it is, without the signal's path.
    private static void Aim(OtlpExporterOptions otlp, TelemetryOptions options, string signal)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/v1/{signal}");
    }
}
