using System.Globalization;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.PbxApi;

/// <summary>Parameters of the three lists as VoIPLine and VoIPcloud document them.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive: the end of the last day.</param>
/// <param name="Names">Of the queues, ring groups or users wanted; empty for all.</param>
public sealed record PbxQuery(
    DateTimeOffset? From, DateTimeOffset? To, bool OldestFirst, int Offset, int Limit, string? UniqueCallId, IReadOnlyList<string> Names)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 10_000;
    public const int MaxNames = 50;
    private const int MaxText = 128;

    /// <param name="names">Which parameter holds the names.</param>
    /// <param name="zone">In which the days are meant.</param>
    public static Result<PbxQuery> Read(Func<string, string?> parameter, string names, TimeZoneInfo zone)
    {
        if (Day(parameter("from_date"), out var from) is { } badFrom) return badFrom with { Field = "from_date" };
        if (Day(parameter("to_date"), out var to) is { } badTo) return badTo with { Field = "to_date" };
        if (from > to) return KnownProblems.FieldInvalid with { Field = "to_date" };
        if (Sort(parameter("sort_by")) is not { } oldestFirst) return KnownProblems.FieldInvalid with { Field = "sort_by" };
        if (Number(parameter("offset"), 0, 0, int.MaxValue) is not { } offset) return KnownProblems.FieldOutOfRange with { Field = "offset" };
        if (Number(parameter("limit"), DefaultLimit, 1, MaxLimit) is not { } limit) return KnownProblems.FieldOutOfRange with { Field = "limit" };
        if (offset > CallQuery.MaxReach - limit) return KnownProblems.OffsetTooLarge with { Field = "offset" };
        var unique = Text(parameter("unique_call_id"));
        if (unique?.Length > MaxText) return KnownProblems.FieldTooLong with { Field = "unique_call_id" };
        var wanted = (Text(parameter(names)) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        if (wanted.Length > MaxNames) return KnownProblems.FieldOutOfRange with { Field = names };
        if (wanted.Any(n => n.Length > MaxText || n.Any(char.IsControl))) return KnownProblems.FieldInvalid with { Field = names };
        return new PbxQuery(
            from is { } f ? LocalDays.Begin(f, zone) : null, to is { } t ? LocalDays.End(t, zone) : null, oldestFirst, offset, limit, unique, wanted);
    }

    private static Problem? Day(string? text, out DateOnly? day)
    {
        day = null;
        if (Text(text) is not { } given) return null;
        if (!LocalDays.TryRead(given, out var read)) return KnownProblems.FieldInvalid;
        day = read;
        return null;
    }

    private static bool? Sort(string? text) => Text(text) switch
    {
        null or "newest_first" => false,
        "oldest_first" => true,
        _ => null,
    };

    private static int? Number(string? text, int absent, int min, int max)
    {
        if (Text(text) is not { } given) return absent;
        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
