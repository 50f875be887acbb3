namespace ClickToDial.Worker.Telemetry;

/// <summary>Where traces, metrics and logs go besides standard output, section "Telemetry".</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>Base address of a collector that takes OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>; empty for none.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>File that spans are written to, one JSON object a line; empty for none.</summary>
    public string SpanFile { get; set; } = "";

    /// <summary>For support: numbers and names of users are written as they are, and not as stars.</summary>
    public bool ShowNumbers { get; set; }

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (OtlpEndpoint.Length > 0 && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            yield return $"{Section}: OtlpEndpoint must be an http or https address.";
    }
}
