using ClickToDial.Browser.Suite;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Browser.Compatible;

/// <summary>A page that was written for another PBX runs against ours as it is: login, cookie, socket, frames (V5, V6, V7, V8).</summary>
public sealed class CompatibleTests(BrowserFixture fixture)
{
    [Fact(DisplayName = "V6: a page for another PBX logs in, calls, holds and clears")]
    public async Task Page_of_another_pbx()
    {
        BrowserFixture.SkipIfMissing();
        await using var mine = await fixture.PhoneAsync(440);
        await using var other = await fixture.PhoneAsync(660);
        await using var page = await fixture.Chromium.OpenAsync($"{fixture.Crm}compatible.html?as={mine.User}&number={other.User}");
        await page.WaitAsync("contact-card[data-state=none]");

        await page.ClickAsync("[name=call]");
        var ringing = await mine.RingsAsync();
        await page.WaitAsync("contact-card[data-state=alerting]");
        await ringing.AnswerAsync();
        var rung = await other.RingsAsync();
        await page.WaitAsync("contact-card[data-state=ringback]");
        await rung.AnswerAsync();
        await page.WaitAsync("contact-card[data-state=connected]");
        await ringing.HearsAsync(660);
        await rung.HearsAsync(440);
        Assert.Equal($"{mine.User} to {other.User}: connected", await page.TextAsync("output"));

        await page.ClickAsync("[name=hold]");
        await page.WaitAsync("contact-card[data-state=holding]");
        await page.ClickAsync("[name=hold]");
        await page.WaitAsync("contact-card[data-state=connected]");

        await page.ClickAsync("[name=cancel]");
        Assert.Equal(CallEnd.HungUpByPeer, await ringing.EndsAsync());
        await rung.EndsAsync();
        await page.WaitAsync("contact-card[data-state=none]");
        // The session is the browser's, and no script's.
        Assert.Equal("", (await page.EvaluateAsync("document.cookie"))!.GetValue<string>());
    }
}
