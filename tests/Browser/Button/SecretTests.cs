using System.Text.Json.Nodes;
using ClickToDial.Browser.Chromium;
using ClickToDial.Browser.Suite;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Browser.Button;

/// <summary>All that reaches a browser in a whole call holds nothing that it must not know (F4).</summary>
public sealed class SecretTests(BrowserFixture fixture)
{
    [Fact(DisplayName = "F4: no secret of SIP, no number behind an alias and no address of a phone reaches the browser in a whole call")]
    public async Task Whole_call_tells_nothing()
    {
        BrowserFixture.SkipIfMissing();
        var user = fixture.NextUser();
        await using var phone = await fixture.HiddenPhoneAsync(440);
        await using var page = await fixture.PageAsync(user, $"<click-to-call mode=browser number='{BrowserFixture.Alias}'>Talk</click-to-call>", Ears.Script);
        await page.ClickAsync("[part=call]");
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        await page.WaitAsync("click-to-call[phase=connected]");
        await call.HearsAsync(BrowserFixture.VoiceHertz);
        await page.ClickAsync("[part=hold]");
        await page.WaitAsync("[part=hold][aria-pressed=true]");
        await page.ClickAsync("[part=hold]");
        await page.WaitAsync("[part=hold][aria-pressed=false]");
        await call.HangUpAsync();
        await page.WaitAsync("click-to-call[phase=ended]");

        var heard = await page.HeardAsync();

        Assert.Contains(heard, h => KindOf(h) == "frame" && TextOf(h).Contains("SIP/2.0 200", StringComparison.Ordinal));
        Assert.Contains(heard, h => KindOf(h) == "response" && TextOf(h).Contains("\"token\"", StringComparison.Ordinal));
        foreach (var secret in Secrets(phone))
            Assert.DoesNotContain(heard, h => KindOf(h) != "sent" && TextOf(h).Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    private static string KindOf(JsonNode heard) => heard["kind"]!.GetValue<string>();

    private static string TextOf(JsonNode heard) => heard["text"]!.GetValue<string>();

    private List<string> Secrets(Phone phone) =>
    [
        .. fixture.Product.Secrets,
        fixture.Product.Seed.PasswordOf(phone.User),
        // Whom the alias leads to, and where that phone is.
        phone.User,
        $":{phone.Address.Port}",
        $" {phone.Address.Port} ",
    ];
}
