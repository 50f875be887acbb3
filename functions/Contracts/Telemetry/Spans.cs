using System.Diagnostics;

namespace ClickToDial.Contracts.Telemetry;

/// <summary>
/// How the parts make spans of one trace: each names the span it continues by a W3C <c>traceparent</c> that came with the message, never
/// by what happens to be current, because frameworks in between make activities that nobody exports.
/// </summary>
public static class Spans
{
    /// <summary>Sources of the parts, as exporters and listeners select them.</summary>
    public const string Sources = "ClickToDial.*";

    public const string Header = "traceparent";

    private const string Prefix = "ClickToDial.";

    /// <summary>The span of ours that is under way here, as a traceparent; null when there is none.</summary>
    public static string? Current => Activity.Current is { } current && IsOurs(current) ? current.Id : null;

    /// <summary>Begins a span. Null when nobody listens.</summary>
    /// <param name="traceParent">What it continues; null or unreadable for a new trace.</param>
    public static Activity? Begin(this ActivitySource source, string name, ActivityKind kind, string? traceParent)
    {
        if (!source.HasListeners()) return null;
        _ = ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        // Without a parent it would continue whatever is current.
        if (parent == default) Activity.Current = null;
        return source.StartActivity(name, kind, parent);
    }

    /// <summary>Begins a span within the current one of ours, or none where there is no such.</summary>
    public static Activity? BeginWithin(this ActivitySource source, string name, ActivityKind kind) =>
        Current is { } current ? source.Begin(name, kind, current) : null;

    /// <summary>Ends a span on whatever thread, without changing what is current there unless it is itself.</summary>
    public static void End(this Activity? span)
    {
        if (span is null) return;
        var current = Activity.Current;
        span.Stop();
        // Where it is current, what was so before it is again.
        if (!ReferenceEquals(current, span)) Activity.Current = current;
    }

    public static bool IsOurs(Activity activity) => IsOurs(activity.Source.Name);

    internal static bool IsOurs(string source) => source.StartsWith(Prefix, StringComparison.Ordinal);
}
