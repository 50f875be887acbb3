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
    public (string Number, string Host, int Cause)? SentOnBy { get; init; }

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

    /// <summary>One more: from this number, because nobody there can be reached, or by the wish of whom it is for.</summary>
    /// <param name="reason">Why (RFC 5806 section 4.1).</param>
    /// <param name="cause">The SIP status that stands for the same (RFC 7044).</param>
    public Diversions With(string number, string host, string reason = "unavailable", int cause = 480)
    {
        var own = new NameAddress(SipUri.Create(number, host)).WithParameter("reason", reason).WithParameter("counter", "1");
        var history = SentOnBy is var (by, at, why) ? new CallHistory([.. History.Onward(by, at, SipUri.Create(number, host), why)]) { EndsHere = true } : History;
        return new Diversions([own, .. Values], Count + 1) { History = history, SentOnBy = (number, host, cause) };
    }

    /// <summary>As headers of the INVITE to whom it goes now.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers(SipUri target)
    {
        foreach (var value in Values) yield return new("Diversion", value.ToString());
        if (SentOnBy is not var (number, host, cause)) yield break;
        foreach (var entry in History.Onward(number, host, target, cause)) yield return new("History-Info", entry.ToString());
    }

    private static int CountOf(NameAddress address) =>
        int.TryParse(address.Parameters.Get("counter"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Clamp(count, 1, 100) : 1;
}
