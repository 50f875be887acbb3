using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Dialogs;

/// <summary>What is open in a dialog of requests that may carry an offer, and of the offers themselves.</summary>
[Flags]
public enum OpenExchanges
{
    None = 0,

    /// <summary>An INVITE of ours has no final response.</summary>
    OurInvite = 1,

    /// <summary>An INVITE of the peer has no final response.</summary>
    TheirInvite = 2,
    OurUpdate = 4,
    TheirUpdate = 8,

    /// <summary>An offer of ours, in whatever message, has no answer.</summary>
    OurOffer = 16,

    /// <summary>An offer of the peer has no answer.</summary>
    TheirOffer = 32,

    /// <summary>Our success to an INVITE of the peer was not acknowledged: what we would send now could overtake it.</summary>
    Unacknowledged = 64,
}

/// <summary>What becomes of a request of the peer that may carry an offer.</summary>
public enum ExchangeVerdict
{
    Take,

    /// <summary>491: we are offering, or inviting, at the same time.</summary>
    Glare,

    /// <summary>500 with Retry-After: we have yet to answer the last one.</summary>
    Later,
}

/// <summary>One offer at a time, as RFC 3261 section 14, RFC 3311 section 5 and RFC 6337 section 3 have it. Pure.</summary>
public static class ExchangeRules
{
    private const OpenExchanges AnyOffer = OpenExchanges.OurOffer | OpenExchanges.TheirOffer;
    private const OpenExchanges AnyInvite = OpenExchanges.OurInvite | OpenExchanges.TheirInvite | OpenExchanges.Unacknowledged;

    /// <summary>A re-INVITE or an UPDATE of the peer, in order by its CSeq.</summary>
    public static ExchangeVerdict OnRequest(OpenExchanges open, SipMethod method, bool hasOffer) =>
        method == SipMethod.Invite ? OnInvite(open) : method == SipMethod.Update ? OnUpdate(open, hasOffer) : ExchangeVerdict.Take;

    /// <summary>Whether we may send a re-INVITE or an UPDATE now.</summary>
    public static bool MaySend(OpenExchanges open, SipMethod method, bool hasOffer) =>
        method == SipMethod.Invite ? !Has(open, AnyInvite | AnyOffer)
        : method != SipMethod.Update || (!Has(open, OpenExchanges.OurUpdate) && (!hasOffer || !Has(open, AnyOffer)));

    /// <summary>What the peer's request opens.</summary>
    public static OpenExchanges OpenedByPeer(SipMethod method, bool hasOffer) =>
        (method == SipMethod.Invite ? OpenExchanges.TheirInvite : method == SipMethod.Update ? OpenExchanges.TheirUpdate : OpenExchanges.None)
        | (hasOffer ? OpenExchanges.TheirOffer : OpenExchanges.None);

    /// <summary>What our request opens.</summary>
    public static OpenExchanges OpenedByUs(SipMethod method, bool hasOffer) =>
        (method == SipMethod.Invite ? OpenExchanges.OurInvite : method == SipMethod.Update ? OpenExchanges.OurUpdate : OpenExchanges.None)
        | (hasOffer ? OpenExchanges.OurOffer : OpenExchanges.None);

    private static bool Has(OpenExchanges open, OpenExchanges any) => (open & any) != OpenExchanges.None;

    // RFC 3261 section 14.2. An INVITE without an offer asks for one of ours, so it too has to wait for what is open.
    private static ExchangeVerdict OnInvite(OpenExchanges open) =>
        Has(open, OpenExchanges.TheirInvite | OpenExchanges.TheirOffer) ? ExchangeVerdict.Later
        : Has(open, OpenExchanges.OurInvite | OpenExchanges.OurOffer) ? ExchangeVerdict.Glare
        : ExchangeVerdict.Take;

    // RFC 3311 section 5.2. Without an offer an UPDATE collides with nothing but the one before it.
    private static ExchangeVerdict OnUpdate(OpenExchanges open, bool hasOffer) =>
        Has(open, OpenExchanges.TheirUpdate) ? ExchangeVerdict.Later
        : !hasOffer ? ExchangeVerdict.Take
        : Has(open, OpenExchanges.OurOffer) ? ExchangeVerdict.Glare
        : Has(open, OpenExchanges.TheirOffer) ? ExchangeVerdict.Later
        : ExchangeVerdict.Take;
}

/// <summary>How long to wait after 491 before the same is tried again (RFC 3261 section 14.1).</summary>
public static class GlareWait
{
    /// <summary>2.1 to 4 s for who made the Call-ID, up to 2 s for the other, in steps of 10 ms.</summary>
    public static TimeSpan Next(bool ownsCallId, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return TimeSpan.FromMilliseconds(10 * (ownsCallId ? random.Next(210, 401) : random.Next(0, 201)));
    }
}
