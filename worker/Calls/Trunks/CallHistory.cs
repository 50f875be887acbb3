using System.Globalization;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Trunks;

/// <summary>Where a call was meant to go before it came here, oldest first (RFC 7044).</summary>
/// <param name="Entries">Values of History-Info headers that can be read and are numbered, each with its parameters.</param>
public sealed record CallHistory(IReadOnlyList<NameAddress> Entries)
{
    private const int MostRead = 16;
    private const int LongestIndex = 40;

    public static CallHistory None { get; } = new([]);

    /// <summary>The last entry is who was meant here, as we wrote it when it was sent there.</summary>
    public bool EndsHere { get; init; }

    /// <summary>How often it was given to somebody else: the entries that say so (<c>mp</c>, section 5.2).</summary>
    public int Count => Entries.Count(entry => entry.Parameters.Has("mp"));

    public static CallHistory Of(SipHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!headers.Contains(HeaderName.HistoryInfo)) return None;
        var entries = new List<NameAddress>();
        foreach (var value in headers.GetList(HeaderName.HistoryInfo))
        {
            if (entries.Count == MostRead) break;
            if (NameAddress.TryParse(value, out var address) && IsIndex(address.Parameters.Get("index"))) entries.Add(address);
        }
        return new CallHistory(entries);
    }

    /// <summary>What is said when the call is given to somebody else, because nobody can be reached here.</summary>
    /// <param name="number">Whom it was for here.</param>
    /// <param name="target">Whom it goes to now.</param>
    /// <param name="cause">The SIP status that says why.</param>
    public IEnumerable<NameAddress> Onward(string number, string host, SipUri target, int cause = 480)
    {
        ArgumentNullException.ThrowIfNull(target);
        // Entry and cause of who was meant (section 5.1); 1 where nobody has numbered before (section 10.3).
        var last = Entries is [.., var found] ? found : null;
        var ours = last is null ? "1" : EndsHere ? last.Parameters.Get("index")! : $"{last.Parameters.Get("index")}.1";
        foreach (var entry in EndsHere ? Entries.SkipLast(1) : Entries) yield return entry;
        var meant = SipUri.Parse(string.Create(CultureInfo.InvariantCulture, $"{SipUri.Create(number, host)}?Reason=SIP%3Bcause%3D{cause}"));
        yield return EndsHere && last is not null ? new NameAddress(meant, parameters: last.Parameters) : new NameAddress(meant).WithParameter("index", ours);
        yield return new NameAddress(target.ForRequestLine()).WithParameter("index", $"{ours}.1").WithParameter("mp", ours);
    }

    private static bool IsIndex(string? text) =>
        text is { Length: > 0 and <= LongestIndex } && text.Split('.').All(part => part.Length is > 0 and <= 4 && part.All(char.IsAsciiDigit));
}
