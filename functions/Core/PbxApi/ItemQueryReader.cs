using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.PbxApi;

/// <summary>Reads the query string of our own lists of what PBXes told: from, to, fromDate, toDate, names, limit, offset, cursor.</summary>
public static class ItemQueryReader
{
    private const int MaxName = 128;

    /// <param name="names">Which parameter holds the names of queues or ring groups, or the PBX's ids of calls.</param>
    /// <param name="maxLimit">Largest page.</param>
    public static Result<PbxItemQuery> Read(
        Func<string, string?> parameter, string domain, PbxItemKind kind, string names, TimeZoneInfo zone, int maxLimit)
    {
        // The same words mean the same here as with calls.
        var common = CallQueryReader.Read(name => name is "user" or "state" or "result" ? null : parameter(name), domain, onlyUser: null, zone, maxLimit);
        if (!common.IsOk) return common.Problem;
        var groups = (parameter(names) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        if (groups.Length > PbxQuery.MaxNames) return KnownProblems.FieldOutOfRange with { Field = names };
        if (groups.Any(g => g.Length > MaxName || g.Any(char.IsControl))) return KnownProblems.FieldInvalid with { Field = names };
        var q = common.Value;
        return new PbxItemQuery(domain, kind, q.Limit, groups, q.From, q.To, q.After, q.Offset);
    }
}
