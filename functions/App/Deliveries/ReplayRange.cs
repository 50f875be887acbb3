using System.Globalization;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Deliveries;

/// <summary>Body of <c>POST /api/webhooks/{id}/replay</c>, checked for form.</summary>
/// <param name="From">Earliest time of an event, inclusive.</param>
/// <param name="To">Latest, exclusive.</param>
/// <param name="After">Id to go on after.</param>
internal sealed record ReplayRange(DateTimeOffset? From, DateTimeOffset? To, bool OnlyFailed, string? After)
{
    public static Result<ReplayRange> Read(JsonFields fields)
    {
        var (from, to) = (Time(fields, "from"), Time(fields, "to"));
        var onlyFailed = fields.OptionalFlag("failed") ?? false;
        string? after = null;
        if (fields.OptionalText("cursor", 256) is { } cursor && !CallCursor.TryRead(cursor, out after!)) fields.Fail(KnownProblems.CursorInvalid, "cursor");
        // Everything ever sent, by an empty body, is nobody's wish.
        if (!onlyFailed && from is null) fields.Fail(KnownProblems.FieldMissing, "from");
        return fields.Problem is { } problem ? problem : new ReplayRange(from, to, onlyFailed, after);
    }

    private static DateTimeOffset? Time(JsonFields fields, string name)
    {
        if (fields.OptionalText(name, 40) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        fields.Fail(KnownProblems.FieldInvalid, name);
        return null;
    }
}
