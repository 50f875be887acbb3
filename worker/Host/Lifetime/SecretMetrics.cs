using System.Diagnostics.Metrics;

namespace ClickToDial.Worker.Lifetime;

/// <summary>Whether secrets can be used, for whoever is to be woken.</summary>
internal sealed class SecretMetrics : IDisposable
{
    private readonly Meter _meter = new("ClickToDial.Worker");

    public SecretMetrics(Func<bool> isGood) => _meter.CreateObservableGauge(
        "clicktodial.secrets.failing", () => isGood() ? 0 : 1, description: "1 where secrets could not be read, or not all of them be used, at the last look, else 0.");

    public void Dispose() => _meter.Dispose();
}
