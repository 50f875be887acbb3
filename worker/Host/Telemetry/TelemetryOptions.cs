using ClickToDial.Contracts.Telemetry;

namespace ClickToDial.Worker.Telemetry;

/// <summary>Where traces, metrics and logs go besides standard output, section "Telemetry".</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>Base address of a collector that takes OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>; empty for none.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Connection string of Application Insights; empty for none. Where it is not set, <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>.</summary>
    public string Insights { get; set; } = "";

    /// <summary>Which managed identity sends there, by <c>ClientId=...;Authorization=AAD</c>; empty to send without. Where it is not set, <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>.</summary>
    public string InsightsIdentity { get; set; } = "";

    /// <summary>File that spans are written to, one JSON object a line; empty for none.</summary>
    public string SpanFile { get; set; } = "";

    /// <summary>For support: numbers and names of users are written as they are, and not as stars.</summary>
    public bool ShowNumbers { get; set; }

    /// <summary>Whether anything of it leaves this machine.</summary>
    internal bool IsSent => OtlpEndpoint.Length + Insights.Length > 0;

    /// <summary>Takes what Azure's own settings say where ours say nothing.</summary>
    internal void Complete(IConfiguration configuration)
    {
        if (Insights.Length == 0) Insights = configuration[InsightsAddress.ConnectionSetting] ?? "";
        if (InsightsIdentity.Length == 0) InsightsIdentity = configuration[InsightsAddress.AuthenticationSetting] ?? "";
    }

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (OtlpEndpoint.Length > 0 && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            yield return $"{Section}: OtlpEndpoint must be an http or https address.";
        foreach (var fault in InsightsAddress.Faults(Insights, InsightsIdentity)) yield return $"{Section}: {fault}";
    }
}
