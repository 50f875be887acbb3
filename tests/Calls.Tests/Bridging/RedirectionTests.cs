using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Trunks;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Tests.Bridging;

/// <summary>What is known of a call that one phone after the other has sent on.</summary>
public sealed class RedirectionTests
{
    [Fact(DisplayName = "D4: who sends a call on that was sent there is one entry of its history (RFC 7044 section 10.3)")]
    public void History_names_each_once()
    {
        var chain = Sent("102", "103", null) with { WasRung = true };
        var headers = Sent("103", "+4930", chain).After(Diversions.None, "demo.local").Headers(SipUri.Parse("sip:+4930@trunk.example")).ToList();
        Assert.Equal(
            ["<sip:103@demo.local>;reason=unconditional;counter=1", "<sip:102@demo.local>;reason=no-answer;counter=1"],
            headers.Where(header => header.Key == "Diversion").Select(header => header.Value));
        Assert.Equal(
            [
                "<sip:102@demo.local?Reason=SIP%3Bcause%3D302>;index=1", "<sip:103@demo.local?Reason=SIP%3Bcause%3D302>;index=1.1;mp=1",
                "<sip:+4930@trunk.example>;index=1.1.1;mp=1.1",
            ],
            headers.Where(header => header.Key == "History-Info").Select(header => header.Value));
    }

    [Theory(DisplayName = "B1: the shortest talk that was said on the way counts")]
    [InlineData(60, 3600, 60)]
    [InlineData(3600, 60, 60)]
    [InlineData(60, null, 60)]
    [InlineData(null, 60, 60)]
    [InlineData(null, null, null)]
    public void Shortest_limit_counts(int? first, int? second, int? longest)
    {
        var chain = Sent("102", "103", null) with { MaxDuration = Seconds(first) };
        Assert.Equal(Seconds(longest), (Sent("103", "104", chain) with { MaxDuration = Seconds(second) }).Longest);
    }

    [Theory]
    [InlineData("102", true)]
    [InlineData("103", true)]
    [InlineData("104", false)]
    public void Who_has_sent_it_on_gets_it_no_more(string to, bool isCircle) => Assert.Equal(isCircle, Sent("103", to, Sent("102", "103", null)).IsCircle);

    private static TimeSpan? Seconds(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;

    private static Redirection Sent(string by, string to, Redirection? before) => new(by, by, to, WasRung: false, before);
}
