using System.Diagnostics;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Endpoint;

/// <summary>
/// The trace of one request of ours, from its sending to its final response: only for requests that are sent within a span of ours, so
/// what the stack does for nobody's call is not traced. It holds the method and the status, no address and no number.
/// </summary>
internal readonly struct RequestSpan
{
    public const string SourceName = "ClickToDial.Sip";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Activity? _span;

    private RequestSpan(Activity? span) => _span = span;

    public static RequestSpan Begin(SipMethod method)
    {
        var current = Activity.Current;
        if (current is null || !current.Source.Name.StartsWith("ClickToDial.", StringComparison.Ordinal)) return default;
        var span = Source.StartActivity($"SIP {method.Name}", ActivityKind.Client);
        // The sender goes on within its own span.
        Activity.Current = current;
        return new RequestSpan(span);
    }

    public void End(int status)
    {
        if (_span is not { IsStopped: false } span) return;
        var current = Activity.Current;
        span.SetTag("sip.status", status);
        span.Stop();
        Activity.Current = current;
    }
}
