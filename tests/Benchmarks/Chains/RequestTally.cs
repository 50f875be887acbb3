using System.Diagnostics;

namespace ClickToDial.Benchmarks.Chains;

/// <summary>Counts what this process asks of tables, apart from the looks around that happen whether or not there is work.</summary>
internal sealed class RequestTally(int tablePort) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private int _reads;
    private int _writes;
    private int _open;

    public (int Reads, int Writes) Count => (Volatile.Read(ref _reads), Volatile.Read(ref _writes));

    /// <summary>Until so many have been counted, or a second is over, and none is under way.</summary>
    public async Task QuietAsync(int total)
    {
        var began = Stopwatch.GetTimestamp();
        while ((Count.Reads + Count.Writes < total && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(1)) || Volatile.Read(ref _open) > 0)
            await Task.Delay(1);
    }

    public void OnNext(DiagnosticListener value)
    {
        if (string.Equals(value.Name, "HttpHandlerDiagnosticListener", StringComparison.Ordinal)) value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key is not ("System.Net.Http.HttpRequestOut.Start" or "System.Net.Http.HttpRequestOut.Stop")) return;
        // The payload is of a type without a name.
        if (value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) is not HttpRequestMessage { RequestUri: { } uri } request || uri.Port != tablePort) return;
        if (uri.AbsolutePath.Contains("Index", StringComparison.Ordinal)) return;
        Interlocked.Add(ref _open, value.Key.EndsWith("Stop", StringComparison.Ordinal) ? -1 : 1);
        if (value.Key.EndsWith("Start", StringComparison.Ordinal)) return;
        if (request.Method == HttpMethod.Get) Interlocked.Increment(ref _reads);
        else Interlocked.Increment(ref _writes);
    }

    public void OnCompleted()
    {
        // Listeners live as long as the process.
    }

    public void OnError(Exception error)
    {
        // Listeners report no errors.
    }
}
