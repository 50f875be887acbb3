using ClickToDial.Contracts.Telemetry;
using ClickToDial.Contracts.Telemetry.Exporting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClickToDial.Worker.Telemetry;

/// <summary>
/// Takes spans and metrics of the worker to where the settings say, from before the first socket is open until the last event has left.
/// Nothing of OpenTelemetry is loaded where nothing is named.
/// </summary>
internal sealed class Exporters : IAsyncDisposable
{
    private const string Meters = "ClickToDial.*";
    private const string Part = "worker";

    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(3);

    private readonly SpanFile? _file;
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private Exporters(SpanFile? file, TracerProvider? traces, MeterProvider? metrics)
    {
        _file = file;
        _traces = traces;
        _metrics = metrics;
    }

    /// <exception cref="IOException">The file of spans cannot be written.</exception>
    public static Exporters Start(TelemetryOptions options, string instance)
    {
        Stars.Shown = options.ShowNumbers;
        var file = options.SpanFile.Length == 0 ? null : new SpanFile(options.SpanFile, Part);
        return options.IsSent ? new Exporters(file, Traces(options, instance), Metrics(options, instance)) : new Exporters(file, null, null);
    }

    public static void AddLogs(ILoggingBuilder logging, TelemetryOptions options, string instance) =>
        logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(Resource(instance));
            if (options.OtlpEndpoint.Length > 0) logs.AddOtlpExporter(otlp => Aim(otlp, options, "logs"));
            if (options.Insights.Length > 0) Insights.AddTo(logs, options.Insights, options.InsightsIdentity);
        });

    /// <summary>Tells how things stand while those who know are there: with them go their gauges. Takes no longer than <see cref="FlushLimit"/>.</summary>
    public void Flush() => _metrics?.ForceFlush((int)FlushLimit.TotalMilliseconds);

    public async ValueTask DisposeAsync()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        if (_file is not null) await _file.DisposeAsync();
    }

    private static TracerProvider Traces(TelemetryOptions options, string instance)
    {
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource(instance)).AddSource(Spans.Sources);
        if (options.OtlpEndpoint.Length > 0) traces.AddOtlpExporter(otlp => Aim(otlp, options, "traces"));
        if (options.Insights.Length > 0) Insights.AddTo(traces, options.Insights, options.InsightsIdentity);
        return traces.Build();
    }

    private static MeterProvider Metrics(TelemetryOptions options, string instance)
    {
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource(instance)).AddMeter(Meters);
        if (options.OtlpEndpoint.Length > 0) metrics.AddOtlpExporter(otlp => Aim(otlp, options, "metrics"));
        if (options.Insights.Length > 0) Insights.AddTo(metrics, options.Insights, options.InsightsIdentity);
        return metrics.Build();
    }

    private static ResourceBuilder Resource(string instance) =>
        ResourceBuilder.CreateEmpty().AddService($"click-to-dial-{Part}", serviceInstanceId: instance);

    // An address that is set by code is taken as it is, without the signal's path.
    private static void Aim(OtlpExporterOptions otlp, TelemetryOptions options, string signal)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/v1/{signal}");
    }
}
