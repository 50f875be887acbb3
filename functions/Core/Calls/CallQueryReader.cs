using System.Globalization;
using System.Text.Json;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.PbxApi;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Calls;

/// <summary>Reads the query string of <c>GET /api/calls</c>: user, from, to, fromDate, toDate, state, result, limit, offset, cursor.</summary>
public static class CallQueryReader
{
    /// <param name="zone">In which days are meant.</param>
    /// <param name="maxLimit">Largest page.</param>
    public static Result<CallQuery> Read(
        Func<string, string?> parameter, Principal principal, TimeZoneInfo? zone = null, int maxLimit = CallQuery.MaxLimit) =>
        Read(parameter, principal.Domain, principal.OnlyUser, zone ?? TimeZoneInfo.Utc, maxLimit);

    /// <param name="onlyUser">Who asks may see this user's calls only; null for all.</param>
    public static Result<CallQuery> Read(Func<string, string?> parameter, string domain, string? onlyUser, TimeZoneInfo zone, int maxLimit)
    {
        var query = new CallQuery(domain, Math.Min(CallQuery.DefaultLimit, maxLimit), onlyUser);
        foreach (var (name, apply) in Parameters)
        {
            if (parameter(name) is not { Length: > 0 } text) continue;
            if (apply(query, text, new Bounds(zone, maxLimit)) is not { } next) return Fault(name);
            query = next;
        }

        if (query.Offset > CallQuery.MaxReach - query.Limit) return KnownProblems.OffsetTooLarge with { Field = "offset" };
        if (onlyUser is { } only && query.User != only) return KnownProblems.TokenUserDiffers;
        return query;
    }

    private static readonly (string Name, Func<CallQuery, string, Bounds, CallQuery?> Apply)[] Parameters =
    [
        ("user", (q, text, _) => DestinationName.IsUserName(text) ? q with { User = text } : null),
        ("from", (q, text, _) => TryTime(text, out var time) ? q with { From = time } : null),
        ("to", (q, text, _) => TryTime(text, out var time) ? q with { To = time } : null),
        ("state", (q, text, _) => TryName<CallState>(text, out var state) ? q with { State = state } : null),
        ("result", (q, text, _) => TryName<CallResult>(text, out var result) ? q with { Result = result } : null),
        ("fromDate", (q, text, b) => LocalDays.TryRead(text, out var day) ? q with { From = LocalDays.Begin(day, b.Zone) } : null),
        ("toDate", (q, text, b) => LocalDays.TryRead(text, out var day) ? q with { To = LocalDays.End(day, b.Zone) } : null),
        ("limit", (q, text, b) => TryNumber(text, 1, b.MaxLimit, out var limit) ? q with { Limit = limit } : null),
        ("offset", (q, text, _) => TryNumber(text, 0, CallQuery.MaxReach, out var offset) ? q with { Offset = offset } : null),
        ("cursor", (q, text, _) => CallCursor.TryRead(text, out var position) ? q with { After = position } : null),
    ];

    private static Problem Fault(string name)
    {
        var problem = name switch
        {
            "cursor" => KnownProblems.CursorInvalid,
            "limit" or "offset" => KnownProblems.FieldOutOfRange,
            _ => KnownProblems.FieldInvalid,
        };
        return problem with { Field = name };
    }

    private static bool TryNumber(string text, int min, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max;

    private readonly record struct Bounds(TimeZoneInfo Zone, int MaxLimit);

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    // The names of the contract are those of its JSON.
    private static bool TryName<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (!JsonSerializer.SerializeToElement(candidate).ValueEquals(text)) continue;
            value = candidate;
            return true;
        }

        return false;
    }
}
