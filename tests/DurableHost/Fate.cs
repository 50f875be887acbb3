using System.Diagnostics;

namespace ClickToDial.DurableHost;

/// <summary>
/// Kills this process (SIGKILL) at a given moment, counted in requests to storage: before one is sent, or after its answer has
/// come and before anybody has acted on it.
/// </summary>
internal sealed class Fate(int moment) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private int _moments;

    public void OnNext(DiagnosticListener value)
    {
        if (string.Equals(value.Name, "HttpHandlerDiagnosticListener", StringComparison.Ordinal)) value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key is not ("System.Net.Http.HttpRequestOut.Start" or "System.Net.Http.HttpRequestOut.Stop")) return;
        if (Interlocked.Increment(ref _moments) == moment) Process.GetCurrentProcess().Kill();
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
