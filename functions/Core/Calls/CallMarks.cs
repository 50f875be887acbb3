using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Calls;

/// <summary>Marks of calls that have an id before they are allowed, as a browser's has: the id itself, so that the call log is found by it.</summary>
public static class CallMarks
{
    // No mark of an idempotency key holds it.
    private const string Prefix = "c!";

    public static string Of(CallId id) => Prefix + id.Value;

    public static bool TryReadCall(string mark, out CallId id)
    {
        id = default;
        return mark.StartsWith(Prefix, StringComparison.Ordinal) && CallId.TryParse(mark[Prefix.Length..], out id);
    }
}
