using System.Globalization;
using Azure.Data.Tables;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Pbx;

namespace ClickToDial.App.Adapters;

/// <summary>
/// Row keys of table Calls, whose partition is the domain. Several kinds of row share it so that they can be written in one
/// transaction: <c>c|</c> a call, newest first; <c>u|</c> the same among its user's;
/// <c>x|</c> where the calls are that another PBX knows by an id; <c>k|</c> an idempotency key; <c>o|</c> a call that has not ended;
/// <c>i|</c> where a call is whose id does not tell its time.
/// </summary>
internal static class CallKeys
{
    public const string First = "c|";
    public const string FirstOpen = "o|";
    public const string LastOpen = "o}";

    // Above any character of a call id and above the separator.
    private const char AfterAll = '~';

    public static string Placed(string mark) => "k|" + mark;

    /// <summary>Filter for the decisions of a domain that were made before that time.</summary>
    public static string PlacedBefore(string domain, DateTimeOffset time) => TableClient.CreateQueryFilter(
        $"PartitionKey eq {domain} and RowKey ge {"k|"} and RowKey lt {"k}"} and RequestedAt lt {time}");

    public static string Open(CallId id) => FirstOpen + id.Value;

    public static string Index(CallId id) => "i|" + id.Value;

    public static string Call(CallId id, DateTimeOffset began) => $"{First}{Inverted(began)}|{id.Value}";

    /// <summary>The row key of a call whose id tells its time, else null.</summary>
    public static string? Call(CallId id) => CallIds.TryReadTime(id, out var began) ? Call(id, began) : null;

    /// <summary>Beginning of the rows of one user's calls. A name that another PBX made up may hold what no key may.</summary>
    public static string OfUser(string user) => DestinationName.IsUserName(user) ? $"u|{user}|" : $"u|~{PbxIds.Key(user)}|";

    /// <summary>The row of the call among its user's, given that among all.</summary>
    public static string OfUser(string user, string callRow) => OfUser(user) + callRow[First.Length..];

    /// <summary>Beginning of the rows that tell where the calls are that another PBX knows by that id.</summary>
    public static string Foreign(string uniqueCallId) => $"x|{PbxIds.Key(uniqueCallId)}|";

    /// <summary>Greater than the keys of all that began at that time or later, smaller than those of what began earlier.</summary>
    public static string After(string prefix, DateTimeOffset time) => $"{prefix}{Inverted(time)}{AfterAll}";

    /// <summary>Where something stands in a list that is newest first.</summary>
    public static string Position(DateTimeOffset time, string id) => $"{Inverted(time)}|{id}";

    /// <summary>Of table CallEvents: by sequence, and the sweep's end, which has no place in it, after all others.</summary>
    public static string Event(CallEvent e) =>
        CallClosing.IsClosing(e) ? "closed" : e.Sequence.ToString("D6", CultureInfo.InvariantCulture);

    private static string Inverted(DateTimeOffset time) =>
        (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
}
