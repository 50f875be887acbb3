using System.Diagnostics.Metrics;
using System.Reflection;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Hosting;

/// <summary>What the function app counts. Label values come from fixed lists only.</summary>
public sealed class AppMetrics
{
    public const string MeterName = "ClickToDial.App";
    public const string StorageRequestsName = "clicktodial.storage.requests";
    public const string RowsReadName = "clicktodial.rows.read";
    public const string RefusedName = "clicktodial.requests.refused";

    private static readonly HashSet<string> Endings =
        [.. typeof(ChainEndings).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

    private readonly Counter<long> _refused;
    private readonly Counter<long> _events;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _storage;
    private readonly Counter<long> _rows;
    private readonly Counter<long> _pbx;
    private readonly Counter<long> _poisoned;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _caps;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _ingestFailures;
    private readonly Histogram<double> _queueAge;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _chains;
    private readonly Counter<long> _resealed;
    private readonly Gauge<long> _older;
    private readonly Gauge<int> _failing;
    private readonly Gauge<double> _oldest;

    public AppMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _refused = meter.CreateCounter<long>(RefusedName, description: "Requests refused, by the reason given.");
        _events = meter.CreateCounter<long>("clicktodial.events.processed", description: "Call events, by what they did to the call log.");
        _skipped = meter.CreateCounter<long>("clicktodial.rows.skipped", description: "Stored rows that could not be read.");
        _rows = meter.CreateCounter<long>(RowsReadName, description: "Rows that lists have read.");
        _pbx = meter.CreateCounter<long>("clicktodial.pbx.events", description: "Events of other PBXes, by type.");
        _poisoned = meter.CreateCounter<long>("clicktodial.events.poisoned", description: "Events set aside because they can never be processed.");
        _deliveries = meter.CreateCounter<long>("clicktodial.deliveries", description: "Attempts to deliver events to subscribers, by what came of them.");
        _caps = meter.CreateCounter<long>("clicktodial.guard.caps", description: "Caps on calls that were reached, once in each span, by rule.");
        _accepted = meter.CreateCounter<long>("clicktodial.ingest.accepted", description: "Events that were put into the queue.");
        _ingestFailures = meter.CreateCounter<long>("clicktodial.ingest.failures", description: "Posts whose events could not be queued; the sender repeats them.");
        _queueAge = meter.CreateHistogram<double>(
            "clicktodial.queue.age", "s", "How long a message waited beyond its time, by queue.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800] });
        _steps = meter.CreateCounter<long>("clicktodial.chains.steps", description: "Steps that chains have taken, by kind.");
        _chains = meter.CreateCounter<long>("clicktodial.chains.ended", description: "Chains that have ended, by reason.");
        _resealed = meter.CreateCounter<long>("clicktodial.secrets.resealed", description: "Rows that were sealed again with the present key, by table.");
        _older = meter.CreateGauge<long>("clicktodial.secrets.older", description: "Rows sealed with other keys than the present one, when they were counted last, by whether they open.");
        _failing = meter.CreateGauge<int>("clicktodial.secrets.failing", description: "1 where secrets could not be read, or not all of them be used, at the last look, else 0.");
        _oldest = meter.CreateGauge<double>("clicktodial.queue.oldest", "s", "How long the message that waits longest has waited beyond its time, by queue.");
        _storage = meter.CreateCounter<long>(StorageRequestsName, description: "Requests to storage, retries included.");
    }

    public void Refused(Problem problem) => _refused.Add(1, new KeyValuePair<string, object?>("reason", problem.Reason));

    /// <param name="kind">Which table's rows, by a fixed word.</param>
    public void RowSkipped(string kind) => _skipped.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void EventProcessed(CallChange change) => _events.Add(1, new KeyValuePair<string, object?>("change", change.ToString()));

    public void RowsRead(int count) => _rows.Add(count);

    public void PbxEvent(PbxEventType type) => _pbx.Add(1, new KeyValuePair<string, object?>("type", PbxEventTypes.NameOf(type)));

    public void Poisoned() => _poisoned.Add(1);

    /// <param name="outcome">delivered, failed, dead or paused.</param>
    public void DeliveryTried(string outcome) => _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="rule">The reason that is given for the refusal.</param>
    public void CapReached(string rule) => _caps.Add(1, new KeyValuePair<string, object?>("rule", rule));

    public void Ingested(int events) => _accepted.Add(events);

    public void IngestFailed() => _ingestFailures.Add(1);

    /// <param name="queue">events or deliveries.</param>
    public void Dequeued(string queue, TimeSpan age) => _queueAge.Record(Math.Max(0, age.TotalSeconds), new KeyValuePair<string, object?>("queue", queue));

    /// <param name="kind">script, request, form, show, entry, command, watch or end.</param>
    public void ChainStepped(string kind) => _steps.Add(1, new KeyValuePair<string, object?>("kind", kind));

    /// <param name="reason">One of <see cref="ChainEndings"/>; a script's own words are counted together.</param>
    public void ChainEnded(string reason) => _chains.Add(1, new KeyValuePair<string, object?>("reason", Endings.Contains(reason) ? reason : "other"));

    /// <param name="table">One of those that hold sealed values.</param>
    public void Resealed(string table) => _resealed.Add(1, new KeyValuePair<string, object?>("table", table));

    public void SealedWithOlderKeys(long rows, long unreadable)
    {
        _older.Record(rows, new KeyValuePair<string, object?>("rows", "readable"));
        _older.Record(unreadable, new KeyValuePair<string, object?>("rows", "unreadable"));
    }

    public void SecretsLooked(bool isTaken) => _failing.Record(isTaken ? 0 : 1);

    /// <param name="queue">deliveries.</param>
    public void Oldest(string queue, TimeSpan late) => _oldest.Record(late.TotalSeconds, new KeyValuePair<string, object?>("queue", queue));

    public void StorageRequested(string service) => _storage.Add(1, new KeyValuePair<string, object?>("service", service));
}
