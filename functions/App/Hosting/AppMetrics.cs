using System.Diagnostics.Metrics;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Hosting;

/// <summary>What the function app counts. Label values come from fixed lists only.</summary>
public sealed class AppMetrics
{
    public const string MeterName = "ClickToDial.App";
    public const string StorageRequestsName = "clicktodial.storage.requests";
    public const string CallsRefusedName = "clicktodial.calls.refused";

    private readonly Counter<long> _refused;
    private readonly Counter<long> _events;
    private readonly Counter<long> _storage;

    public AppMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _refused = meter.CreateCounter<long>(CallsRefusedName, description: "Calls not started, by the rule that refused.");
        _events = meter.CreateCounter<long>("clicktodial.events.processed", description: "Call events, by what they did to the call log.");
        _storage = meter.CreateCounter<long>(StorageRequestsName, description: "Requests to storage, retries included.");
    }

    public void CallRefused(Problem problem) => _refused.Add(1, new KeyValuePair<string, object?>("rule", problem.Reason));

    public void EventProcessed(CallChange change) => _events.Add(1, new KeyValuePair<string, object?>("change", change.ToString()));

    public void StorageRequested(string service) => _storage.Add(1, new KeyValuePair<string, object?>("service", service));
}
