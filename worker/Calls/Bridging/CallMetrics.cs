using System.Diagnostics.Metrics;
using System.Reflection;
using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Bridging;

/// <summary>What is counted of calls. Labels are words of the contracts only.</summary>
internal sealed class CallMetrics : IDisposable
{
    public const string MeterName = "ClickToDial.Calls";

    private const string Other = "other";

    private static readonly HashSet<string> Reasons =
        [.. typeof(CallReasons).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

    private static readonly Dictionary<CallResult, string> Results = Enum.GetValues<CallResult>().ToDictionary(r => r, WordOf);

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _ended;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _setup;

    public CallMetrics()
    {
        _ended = _meter.CreateCounter<long>("clicktodial.calls.ended", description: "Calls that have ended, by direction, result and reason.");
        _refused = _meter.CreateCounter<long>("clicktodial.calls.refused", description: "Calls that the control API was asked for and did not begin, by rule.");
        _setup = _meter.CreateHistogram<double>(
            "clicktodial.calls.setup", "s", "From the beginning of a call until both ends talk.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120] });
    }

    /// <summary>Also tells how many calls there are, of how many, and how many devices are registered.</summary>
    public void Watch(Func<int> calls, int maxCalls, Func<int> registrations)
    {
        _meter.CreateObservableGauge("clicktodial.calls.active", calls, description: "Calls under way.");
        _meter.CreateObservableGauge("clicktodial.calls.capacity", () => maxCalls, description: "Calls that may be under way at once.");
        _meter.CreateObservableGauge("clicktodial.calls.load", () => 100.0 * calls() / maxCalls, "%", "Calls under way, of those that may be.");
        _meter.CreateObservableGauge("clicktodial.registrations", registrations, description: "Contacts of devices that are registered.");
    }

    public void Connected(CallParties parties, DateTimeOffset now) =>
        _setup.Record(Math.Max(0, (now - parties.StartedAt).TotalSeconds), Direction(parties));

    public void Ended(CallParties parties, CallOutcome outcome) => _ended.Add(
        1, Direction(parties), new("result", Results[outcome.Result]), new("reason", Reasons.Contains(outcome.Reason) ? outcome.Reason : Other));

    public void Refused(OriginateVerdict verdict) => _refused.Add(1, new KeyValuePair<string, object?>("rule", verdict.ToString()));

    /// <summary>Of the meters of this name, several in a process that has several workers, which one it is of.</summary>
    public bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Direction(CallParties parties) => new("direction", parties.Direction.ToString());

    // As the contract writes it.
    private static string WordOf(CallResult result) =>
        typeof(CallResult).GetField(result.ToString())!.GetCustomAttribute<System.Text.Json.Serialization.JsonStringEnumMemberNameAttribute>()!.Name;
}
