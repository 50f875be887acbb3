using System.Diagnostics.Metrics;
using ClickToDial.App.Hosting;

namespace ClickToDial.App.Tests.Support;

/// <summary>Counts what the app's own meter counts, within the flow of the test that asks.</summary>
public sealed class StorageCount : IDisposable
{
    private readonly AsyncLocal<Tally?> _tally = new();
    private readonly List<MeterListener> _listeners = [];
    private long _total;

    /// <summary>By the whole app.</summary>
    public long Total => Interlocked.Read(ref _total);

    public void Watch(IMeterFactory factory)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (instrument.Name == AppMetrics.RowsReadName && _tally.Value is { } rows) Interlocked.Add(ref rows.Rows, value);
            if (instrument.Name != AppMetrics.StorageRequestsName) return;
            Interlocked.Add(ref _total, value);
            if (_tally.Value is { } tally) Interlocked.Add(ref tally.Count, value);
        });
        listener.Start();
        _listeners.Add(listener);
    }

    /// <summary>How many requests to storage some work makes.</summary>
    public async Task<long> OfAsync(Func<Task> work)
    {
        var tally = new Tally();
        _tally.Value = tally;
        await work();
        _tally.Value = null;
        return tally.Count;
    }

    /// <summary>How many rows the lists of some work read.</summary>
    public async Task<long> RowsOfAsync(Func<Task> work)
    {
        var tally = new Tally();
        _tally.Value = tally;
        await work();
        _tally.Value = null;
        return tally.Rows;
    }

    public void Dispose() => _listeners.ForEach(l => l.Dispose());

    private sealed class Tally
    {
        public long Count;
        public long Rows;
    }
}
