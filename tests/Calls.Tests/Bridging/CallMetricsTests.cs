using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Tests.Bridging;

public sealed class CallMetricsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CallParties Parties = new("metrics.test", CallDirection.Outbound, "101", "+12025550142", Start);

    [Fact(DisplayName = "B5: calls are told by result and reason, set-up time, load and refusals, in words of the contract only")]
    public void What_calls_do_is_told()
    {
        using var metrics = new CallMetrics();
        var seen = new ConcurrentBag<(string Name, double Value, string Labels)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (metrics.Owns(instrument)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => seen.Add((i.Name, value, Labels(tags))));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => seen.Add((i.Name, value, Labels(tags))));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => seen.Add((i.Name, value, Labels(tags))));
        listener.Start();

        metrics.Watch(() => 30, 40, () => 7);
        metrics.Connected(Parties, Start.AddSeconds(4.5));
        metrics.Ended(Parties, new CallOutcome(CallResult.NoAnswer, CallReasons.DestinationNoAnswer));
        metrics.Ended(Parties, new CallOutcome(CallResult.Failed, "what a peer +12025550142 said"));
        metrics.Refused(OriginateVerdict.NoCapacity);
        listener.RecordObservableInstruments();

        Assert.Equivalent(
            new (string, double, string)[]
            {
                ("clicktodial.calls.setup", 4.5, "direction=Outbound"),
                ("clicktodial.calls.ended", 1, "direction=Outbound,result=no-answer,reason=destination-no-answer"),
                ("clicktodial.calls.ended", 1, "direction=Outbound,result=failed,reason=other"),
                ("clicktodial.calls.refused", 1, "rule=NoCapacity"),
                ("clicktodial.calls.active", 30, ""),
                ("clicktodial.calls.capacity", 40, ""),
                ("clicktodial.calls.load", 75, ""),
                ("clicktodial.registrations", 7, ""),
            },
            seen, strict: true);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}
