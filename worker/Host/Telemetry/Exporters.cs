using ClickToDial.Contracts.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClickToDial.Worker.Telemetry;

/// <summary>
/// Takes spans and metrics of the worker to where the settings say, from before the first socket is open until the last event has left.
/// Nothing of OpenTelemetry is loaded where no collector is named.
/// </summary>
internal sealed class Exporters : IAsyncDisposable
{
    private const string Meters = "ClickToDial.*";
    private const string Part = "worker";

    private readonly SpanFile? _file;
    private readonly IDisposable[] _providers;

    private Exporters(SpanFile? file, IDisposable[] providers)
    {
        _file = file;
        _providers = providers;
    }

    /// <exception cref="IOException">The file of spans cannot be written.</exception>
    public static Exporters Start(TelemetryOptions options, string instance)
    {
        Stars.Shown = options.ShowNumbers;
        var file = options.SpanFile.Length == 0 ? null : new SpanFile(options.SpanFile, Part);
        return new Exporters(file, options.OtlpEndpoint.Length == 0 ? [] : Providers(new Uri(options.OtlpEndpoint), instance));
    }

    public static void AddLogs(ILoggingBuilder logging, string endpoint, string instance)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url)) return;
        logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(Resource(instance));
            logs.AddOtlpExporter(otlp => Aim(otlp, url, "logs"));
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers) provider.Dispose();
        if (_file is not null) await _file.DisposeAsync();
    }

    private static IDisposable[] Providers(Uri endpoint, string instance) =>
    [
        Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource(instance)).AddSource(Spans.Sources).AddOtlpExporter(otlp => Aim(otlp, endpoint, "traces")).Build(),
        Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource(instance)).AddMeter(Meters).AddOtlpExporter(otlp => Aim(otlp, endpoint, "metrics")).Build(),
    ];

    private static ResourceBuilder Resource(string instance) =>
        ResourceBuilder.CreateEmpty().AddService($"click-to-dial-{Part}", serviceInstanceId: instance);

    // An address that is set by code is taken as it is, without the signal's path.
    private static void Aim(OtlpExporterOptions otlp, Uri endpoint, string signal)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }
}
