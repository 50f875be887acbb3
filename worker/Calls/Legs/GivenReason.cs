using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Legs;

/// <summary>What a peer gave as its reason (RFC 3326), as far as it may be passed on: one value of each protocol, causes only with sense.</summary>
internal sealed record GivenReason(ReasonValue? Sip, ReasonValue? Network)
{
    private const int LongestText = 128;

    /// <summary>Null when the headers give none.</summary>
    public static GivenReason? Of(SipHeaders headers)
    {
        if (!headers.Contains(HeaderName.Reason)) return null;
        var values = ReasonValue.ReadAll(headers);
        var given = new GivenReason(First(values, ReasonValue.Sip, 200, 699), First(values, ReasonValue.Q850, 1, 127));
        return given is { Sip: null, Network: null } ? null : given;
    }

    // Of two values of one protocol the first counts: more than one is not allowed (section 2).
    private static ReasonValue? First(List<ReasonValue> values, string protocol, int least, int most)
    {
        foreach (var value in values)
        {
            if (value.Cause is not { } cause || !value.Protocol.Equals(protocol, StringComparison.OrdinalIgnoreCase)) continue;
            if (cause < least || cause > most) return null;
            return new ReasonValue(protocol, cause, value.Text is { Length: > 0 and <= LongestText } text && !text.Any(char.IsControl) ? text : null);
        }
        return null;
    }
}
