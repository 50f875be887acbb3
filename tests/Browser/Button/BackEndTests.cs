using System.Text.Json.Nodes;
using ClickToDial.Browser.Chromium;
using ClickToDial.Browser.Suite;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Browser.Button;

/// <summary>A page of a domain with a back end of its own, as people write them for Web Call Server (F2).</summary>
public sealed class BackEndTests(BrowserFixture fixture)
{
    [Fact(DisplayName = "F2: a stock back end is asked what the page does, and the page is told in call-message what the back end is told, and what it refused")]
    public async Task Page_IsToldWhatItsBackEndIsTold()
    {
        BrowserFixture.SkipIfMissing();
        fixture.BackEnd.Rules = new JsonObject { ["hold"] = new JsonObject { ["restOnError"] = "FAIL" } };
        fixture.BackEnd.Fails["hold"] = "403";
        await using var phone = await Phone.RegisteredAsync(
            new PhoneSettings(fixture.Product.Registrar, BrowserFixture.HookedDomain, "client", "client-password", 440) { Digest = "SHA-256" });
        await using var page = await PageAsync();
        await page.ClickAsync("[part=call]");
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        await page.WaitAsync("click-to-call[phase=connected]");
        var trying = await ToldAsync(page, "CallStatusEvent");
        Assert.Equal(("client", "TRYING"), (trying["callee"]!.GetValue<string>(), trying["status"]!.GetValue<string>()));

        await page.ClickAsync("[part=hold]");
        Assert.Equal("hold", (await ToldAsync(page, "ErrorEvent"))["apiMethod"]!.GetValue<string>());
        await page.EvaluateAsync("ears.until(() => changes.some((one) => one.held) && !changes.at(-1).held, 'the end of the hold')");
        await call.HearsAsync(BrowserFixture.VoiceHertz, from: call.Heard.Count);
        var asked = fixture.BackEnd.Asked.Snapshot().Select(one => one.Method).ToHashSet();
        Assert.True(asked.IsSupersetOf(["connect", "call", "hold"]), string.Join(' ', asked));
        await call.HangUpAsync();
        await page.WaitAsync("click-to-call[phase=ended]");
    }

    private static async Task<JsonNode> ToldAsync(BrowserPage page, string message)
    {
        await page.EvaluateAsync($"ears.until(() => told.some((one) => one.message === '{message}'), '{message}')");
        return (await page.EvaluateAsync($"told.find((one) => one.message === '{message}').data"))!;
    }

    private async Task<BrowserPage> PageAsync()
    {
        var answer = await fixture.Product.Api.SendAsync(HttpMethod.Post, "/api/sessions", new JsonObject { ["user"] = "clerk" }, key: fixture.HookedKey);
        var page = await fixture.PageAsync(fixture.NextUser(), "<click-to-call mode=browser number=client>Talk</click-to-call>", Ears.Script);
        await page.EvaluateAsync("void (window.told = [], document.addEventListener('call-message', (e) => told.push(e.detail)))");
        await page.EvaluateAsync("void (window.changes = [], document.addEventListener('call-change', (e) => changes.push(e.detail)))");
        await page.EvaluateAsync($"void (document.querySelector('click-to-call').session = async () => ({{ token: '{answer.Body!["token"]!.GetValue<string>()}' }}))");
        return page;
    }
}
