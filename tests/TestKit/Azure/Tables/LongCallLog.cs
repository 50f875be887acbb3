using System.Globalization;

namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>
/// The call log of a domain with very many calls, a minute apart, of twenty users in turn: each is a row among all and one among its
/// user's, newest first. Should rows be kept otherwise one day, pages of it come back empty and who reads them fails.
/// </summary>
public static class LongCallLog
{
    public const int Users = 20;

    /// <summary>Of the first call; each next one is a minute later.</summary>
    public static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string UserOf(int number) => (101 + (number % Users)).ToString(CultureInfo.InvariantCulture);

    public static string IdOf(int number) => $"long-{number}";

    /// <summary>A row key that comes after those of the user's calls at that time or later, and before those of earlier ones.</summary>
    public static string After(string user, DateTimeOffset time) => $"u|{user}|{Inverted(time)}~";

    /// <summary>Twice as many rows as calls.</summary>
    public static LargeTable Of(string domain, int calls) => new(2 * calls, place => new LargeKey(domain, Key(place, calls)), Columns);

    // All calls, newest first, then those of each user.
    private static string Key(int place, int calls)
    {
        if (place < calls) return $"c|{Place(calls - 1 - place)}";
        place -= calls;
        var user = 0;
        for (; place >= CallsOf(user, calls); user++) place -= CallsOf(user, calls);
        var number = user + ((CallsOf(user, calls) - 1 - place) * Users);
        return $"u|{UserOf(number)}|{Place(number)}";
    }

    // Every twentieth from the user's first on; none where there are too few.
    private static int CallsOf(int user, int calls) => (calls - user + Users - 1) / Users;

    private static string Place(int number) => $"{Inverted(Start.AddMinutes(number))}|{IdOf(number)}";

    private static string Inverted(DateTimeOffset time) => (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    private static Dictionary<string, object> Columns(LargeKey key)
    {
        var number = int.Parse(key.Row.AsSpan(key.Row.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        var began = Start.AddMinutes(number);
        return new Dictionary<string, object>
        {
            ["CallId"] = IdOf(number),
            ["Direction"] = "outbound",
            ["User"] = UserOf(number),
            ["Destination"] = $"+1202555{number % 10_000:D4}",
            ["State"] = "ended",
            ["StartedAt"] = began,
            ["ConnectedAt"] = began.AddSeconds(5),
            ["EndedAt"] = began.AddSeconds(65),
            ["TotalSeconds"] = 65.0,
            ["TalkSeconds"] = 60.0,
            ["Result"] = "answered",
            ["Reason"] = "user-hung-up",
            ["SipStatus"] = 200,
            ["DevicesRung"] = $"[\"{UserOf(number)}\"]",
            ["AnsweredDevice"] = UserOf(number),
            ["Legs"] = $$$"""[{"legId":"u1","role":"user","device":"{{{UserOf(number)}}}","media":{"codec":"PCMA","packetsReceived":3000,"packetsSent":3000,"packetsLost":1,"jitterMilliseconds":0.5}}]""",
            ["Worker"] = "worker-1",
            ["Seen"] = "1-5",
            ["EndSequence"] = 5,
        };
    }
}
