using System.Diagnostics.Metrics;

namespace ClickToDial.Calls.Trunks;

/// <summary>What is counted of trunks. Labels are names of the directory, at most <see cref="MostTrunks"/> of them, and fixed words.</summary>
internal sealed class TrunkMetrics : IDisposable
{
    public const string MeterName = "ClickToDial.Trunks";
    public const int MostTrunks = 200;

    private const string Other = "other";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _refused;
    private Func<IReadOnlyList<TrunkState>> _states = () => [];

    public TrunkMetrics(TrunkLoad load)
    {
        _refused = _meter.CreateCounter<long>("clicktodial.trunk.refused", description: "Calls from outside that were refused, by trunk and rule.");
        _meter.CreateObservableGauge("clicktodial.trunk.up", Ups, description: "1 for a trunk that calls can use both ways, else 0.");
        _meter.CreateObservableGauge("clicktodial.trunk.servers.up", ServersUp, description: "Servers of a trunk that are used.");
        _meter.CreateObservableGauge("clicktodial.trunk.calls", () => Calls(load), description: "Calls under way, by trunk and direction.");
    }

    /// <summary>Where the states are read from.</summary>
    public void Watch(TrunkMonitor monitor) => _states = () => monitor.States;

    /// <param name="trunk">Null when it is nobody's call.</param>
    public void Refused(string? trunk, string rule) =>
        _refused.Add(1, new KeyValuePair<string, object?>("trunk", trunk is null ? "none" : NameOf(trunk)), new KeyValuePair<string, object?>("rule", rule));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Label(string trunk) => new("trunk", trunk);

    private IEnumerable<TrunkState> Shown() => _states().Take(MostTrunks);

    private string NameOf(string trunk) => Shown().Any(state => state.Name == trunk) ? trunk : Other;

    private IEnumerable<Measurement<int>> Ups() => Shown().Select(state => new Measurement<int>(state.IsUp ? 1 : 0, Label(state.Name)));

    private IEnumerable<Measurement<int>> ServersUp() => Shown().Select(state => new Measurement<int>(state.ServersUp, Label(state.Name)));

    private IEnumerable<Measurement<int>> Calls(TrunkLoad load)
    {
        foreach (var state in Shown())
        {
            var (inbound, outbound) = load.Of(state.Name);
            yield return new Measurement<int>(inbound, Label(state.Name), new KeyValuePair<string, object?>("direction", "inbound"));
            yield return new Measurement<int>(outbound, Label(state.Name), new KeyValuePair<string, object?>("direction", "outbound"));
        }
    }
}
