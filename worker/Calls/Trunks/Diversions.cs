using System.Globalization;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Trunks;

/// <summary>How a call was sent on before it came here, latest first (RFC 5806).</summary>
/// <param name="Values">Values of Diversion headers that can be read, each with its parameters.</param>
/// <param name="Count">How often it was sent on; an entry may stand for several (section 5.1).</param>
public sealed record Diversions(IReadOnlyList<NameAddress> Values, int Count)
{
    /// <summary>A call that was sent on more often than this goes round in circles.</summary>
    public const int Most = 5;

    private const int MostRead = 16;

    /// <summary>The same in the words of RFC 7044, where the trunk speaks them.</summary>
    public CallHistory History { get; init; } = CallHistory.None;

    /// <summary>Who sends it on here, of our own; null where nobody does.</summary>
    public (string Number, string Host)? SentOnBy { get; init; }

    public static Diversions None { get; } = new([], 0);

    public static Diversions Of(SipHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var history = CallHistory.Of(headers);
        if (!headers.Contains(HeaderName.Diversion)) return history.Entries.Count == 0 ? None : new Diversions([], history.Count) { History = history };
        var values = new List<NameAddress>();
        var count = 0;
        foreach (var value in headers.GetList(HeaderName.Diversion))
        {
            if (values.Count == MostRead) break;
            if (!NameAddress.TryParse(value, out var address)) continue;
            values.Add(address);
            count += CountOf(address);
        }
        // Who sends a call on may say it in one way, in the other, or in both (RFC 7544).
        return new Diversions(values, Math.Max(count, history.Count)) { History = history };
    }

    /// <summary>One more: from this number, because nobody there can be reached.</summary>
    public Diversions With(string number, string host)
    {
        var own = new NameAddress(SipUri.Create(number, host)).WithParameter("reason", "unavailable").WithParameter("counter", "1");
        return this with { Values = [own, .. Values], Count = Count + 1, SentOnBy = (number, host) };
    }

    private static int CountOf(NameAddress address) =>
        int.TryParse(address.Parameters.Get("counter"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Clamp(count, 1, 100) : 1;
}
