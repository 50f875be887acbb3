using System.Globalization;
using System.Text.Json;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Calls;

/// <summary>Reads the query string of <c>GET /api/calls</c>: user, from, to, state, result, limit, cursor.</summary>
public static class CallQueryReader
{
    public static Result<CallQuery> Read(Func<string, string?> parameter, Principal principal)
    {
        var query = new CallQuery(principal.Domain, CallQuery.DefaultLimit, principal.OnlyUser);
        foreach (var (name, apply) in Parameters)
        {
            if (parameter(name) is not { Length: > 0 } text) continue;
            if (apply(query, text) is not { } next) return Fault(name);
            query = next;
        }

        if (principal.OnlyUser is { } only && query.User != only) return KnownProblems.TokenUserDiffers;
        return query;
    }

    private static readonly (string Name, Func<CallQuery, string, CallQuery?> Apply)[] Parameters =
    [
        ("user", (q, text) => DestinationName.IsUserName(text) ? q with { User = text } : null),
        ("from", (q, text) => TryTime(text, out var time) ? q with { From = time } : null),
        ("to", (q, text) => TryTime(text, out var time) ? q with { To = time } : null),
        ("state", (q, text) => TryName<CallState>(text, out var state) ? q with { State = state } : null),
        ("result", (q, text) => TryName<CallResult>(text, out var result) ? q with { Result = result } : null),
        ("limit", (q, text) => TryLimit(text, out var limit) ? q with { Limit = limit } : null),
        ("cursor", (q, text) => CallCursor.TryRead(text, out var position) ? q with { After = position } : null),
    ];

    private static Problem Fault(string name)
    {
        var problem = name switch
        {
            "cursor" => KnownProblems.CursorInvalid,
            "limit" => KnownProblems.FieldOutOfRange,
            _ => KnownProblems.FieldInvalid,
        };
        return problem with { Field = name };
    }

    private static bool TryLimit(string text, out int limit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= CallQuery.MaxLimit;

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
