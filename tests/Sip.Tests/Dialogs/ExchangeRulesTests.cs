using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Tests.Dialogs;

/// <summary>Every combination of what is open, against the sentences of the RFCs taken one by one.</summary>
public sealed class ExchangeRulesTests
{
    private static readonly OpenExchanges[] Flags = Enum.GetValues<OpenExchanges>().Where(flag => flag != OpenExchanges.None).ToArray();

    public static TheoryData<OpenExchanges> EveryState()
    {
        var data = new TheoryData<OpenExchanges>();
        for (var bits = 0; bits < 1 << Flags.Length; bits++) data.Add((OpenExchanges)bits);
        return data;
    }

    [Theory(DisplayName = "RFC 3261 section 14.2: a second INVITE waits for the answer to the first, and one that crosses ours gets 491")]
    [MemberData(nameof(EveryState))]
    public void Invite_of_the_peer(OpenExchanges open)
    {
        var first = open.HasFlag(OpenExchanges.TheirInvite) || open.HasFlag(OpenExchanges.TheirOffer);
        var crossing = open.HasFlag(OpenExchanges.OurInvite) || open.HasFlag(OpenExchanges.OurOffer);
        var expected = first ? ExchangeVerdict.Later : crossing ? ExchangeVerdict.Glare : ExchangeVerdict.Take;
        Assert.Equal(expected, ExchangeRules.OnRequest(open, SipMethod.Invite, hasOffer: true));
        Assert.Equal(expected, ExchangeRules.OnRequest(open, SipMethod.Invite, hasOffer: false));
    }

    [Theory(DisplayName = "RFC 3311 section 5.2: an UPDATE waits for the one before it, and its offer for every other offer")]
    [MemberData(nameof(EveryState))]
    public void Update_of_the_peer(OpenExchanges open)
    {
        var second = open.HasFlag(OpenExchanges.TheirUpdate);
        var withOffer = second ? ExchangeVerdict.Later
            : open.HasFlag(OpenExchanges.OurOffer) ? ExchangeVerdict.Glare
            : open.HasFlag(OpenExchanges.TheirOffer) ? ExchangeVerdict.Later
            : ExchangeVerdict.Take;
        Assert.Equal(withOffer, ExchangeRules.OnRequest(open, SipMethod.Update, hasOffer: true));
        Assert.Equal(second ? ExchangeVerdict.Later : ExchangeVerdict.Take, ExchangeRules.OnRequest(open, SipMethod.Update, hasOffer: false));
    }

    [Theory(DisplayName = "Other requests of the peer wait for nothing")]
    [MemberData(nameof(EveryState))]
    public void Other_request_of_the_peer(OpenExchanges open) =>
        Assert.Equal(ExchangeVerdict.Take, ExchangeRules.OnRequest(open, SipMethod.Info, hasOffer: true));

    [Theory(DisplayName = "RFC 3261 section 14.1 and 3311 section 5.1: what we may send")]
    [MemberData(nameof(EveryState))]
    public void Our_requests(OpenExchanges open)
    {
        var offer = open.HasFlag(OpenExchanges.OurOffer) || open.HasFlag(OpenExchanges.TheirOffer);
        var invite = open.HasFlag(OpenExchanges.OurInvite) || open.HasFlag(OpenExchanges.TheirInvite) || open.HasFlag(OpenExchanges.Unacknowledged);
        var update = open.HasFlag(OpenExchanges.OurUpdate);
        Assert.Equal(!offer && !invite, ExchangeRules.MaySend(open, SipMethod.Invite, hasOffer: true));
        Assert.Equal(!offer && !invite, ExchangeRules.MaySend(open, SipMethod.Invite, hasOffer: false));
        Assert.Equal(!offer && !update, ExchangeRules.MaySend(open, SipMethod.Update, hasOffer: true));
        Assert.Equal(!update, ExchangeRules.MaySend(open, SipMethod.Update, hasOffer: false));
        Assert.True(ExchangeRules.MaySend(open, SipMethod.Info, hasOffer: false));
    }

    [Theory(DisplayName = "RFC 3261 section 14.1: who made the Call-ID waits 2.1 to 4 s, the other up to 2 s, in steps of 10 ms")]
    [InlineData(true, 2100, 4000)]
    [InlineData(false, 0, 2000)]
    public void Wait_after_glare(bool owns, int least, int most)
    {
        var random = new Random(42);
        var waits = Enumerable.Range(0, 5000).Select(_ => GlareWait.Next(owns, random).TotalMilliseconds).ToList();
        Assert.All(waits, wait => Assert.True(wait >= least && wait <= most && wait % 10 == 0, $"{wait}"));
        Assert.Equal((least, most), (waits.Min(), waits.Max()));
    }
}
