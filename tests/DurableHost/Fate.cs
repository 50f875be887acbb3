using System.Diagnostics;

namespace ClickToDial.DurableHost;

/// <summary>
/// Kills this process (SIGKILL) at a given moment, counted in requests to storage: before one is sent, or after its answer has
/// come and before anybody has acted on it.
/// </summary>
/// <param name="since">Part of an address: moments count from the first request there. Null for from the start.</param>
internal sealed class Fate(int moment, string? since = null) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private int _moments;
    private volatile bool _counts = since is null;

    public void OnNext(DiagnosticListener value)
    {
        if (string.Equals(value.Name, "HttpHandlerDiagnosticListener", StringComparison.Ordinal)) value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key is not ("System.Net.Http.HttpRequestOut.Start" or "System.Net.Http.HttpRequestOut.Stop")) return;
        if (!_counts && !(_counts = RequestOf(value.Value)?.RequestUri?.AbsolutePath.Contains(since!, StringComparison.Ordinal) ?? false)) return;
        if (Interlocked.Increment(ref _moments) == moment) Process.GetCurrentProcess().Kill();
    }

    // The payload is of a type without a name.
    private static HttpRequestMessage? RequestOf(object? payload) => payload?.GetType().GetProperty("Request")?.GetValue(payload) as HttpRequestMessage;

    public void OnCompleted()
    {
        // Listeners live as long as the process.
    }

    public void OnError(Exception error)
    {
        // Listeners report no errors.
    }
}
