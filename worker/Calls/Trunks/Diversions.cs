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

    public static Diversions None { get; } = new([], 0);

    public static Diversions Of(SipHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!headers.Contains(HeaderName.Diversion)) return None;
        var values = new List<NameAddress>();
        var count = 0;
        foreach (var value in headers.GetList(HeaderName.Diversion))
        {
            if (values.Count == MostRead) break;
            if (!NameAddress.TryParse(value, out var address)) continue;
            values.Add(address);
            count += CountOf(address);
        }
        return new Diversions(values, count);
    }

    /// <summary>One more: from this number, because nobody there can be reached.</summary>
    public Diversions With(string number, string host) => new(
        [new NameAddress(SipUri.Create(number, host)).WithParameter("reason", "unavailable").WithParameter("counter", "1"), .. Values], Count + 1);

    private static int CountOf(NameAddress address) =>
        int.TryParse(address.Parameters.Get("counter"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Clamp(count, 1, 100) : 1;
}
