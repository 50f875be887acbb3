using ClickToDial.Browser.Chromium;
using ClickToDial.Browser.Suite;

namespace ClickToDial.Browser.Button;

/// <summary>The button for those who do not see it, who have no mouse, and for pages with a style of their own (V7).</summary>
public sealed class AccessTests(BrowserFixture fixture)
{
    private const string Button = "click-to-call";
    private const string Echo = "<click-to-call mode=browser number=echo>Talk</click-to-call>";

    [Fact(DisplayName = "V7: a call by keyboard alone, and what a screen reader finds at each step")]
    public async Task Call_by_keyboard()
    {
        BrowserFixture.SkipIfMissing();
        await using var page = await fixture.PageAsync(fixture.NextUser(), Echo);
        await page.WaitAsync("click-to-call [part=call]");
        Assert.Equal(
            """
            - button "Talk echo"
            - status
            """, await page.AriaAsync(Button));

        await page.EvaluateAsync("document.activeElement.blur()");
        await TabToAsync(page, "call");
        await page.PressAsync("Enter");
        await page.WaitAsync("click-to-call[phase=connected]");
        await page.WaitAsync("[part=keypad]:not([hidden])");
        Assert.Equal(
            """
            - button "Mute"
            - button "Hold"
            - button "Keypad"
            - button "Hang up"
            - status: Connected
            """, await page.AriaAsync(Button));
        Assert.Equal("hang-up", await FocusedAsync(page));

        await TabToAsync(page, "keypad");
        await page.PressAsync("Space");
        Assert.Contains("- button \"Keypad\" [expanded]", await page.AriaAsync(Button), StringComparison.Ordinal);
        Assert.Contains("- group \"Keypad\":\n  - button \"1\"", await page.AriaAsync(Button), StringComparison.Ordinal);
        await TabToAsync(page, "mute");
        await page.PressAsync("Enter");
        await page.WaitAsync("[part=mute][aria-pressed=true]");
        Assert.Contains("- button \"Mute\" [pressed]", await page.AriaAsync(Button), StringComparison.Ordinal);
        Assert.Contains("- status: Muted", await page.AriaAsync(Button), StringComparison.Ordinal);
        await TabToAsync(page, "hang-up");
        await page.PressAsync("Enter");
        await page.WaitAsync("click-to-call[phase=ended]");
        Assert.Matches("^- button \"Talk echo\"\n- status: Call ended, [0-9a-z ]+$", await page.AriaAsync(Button));
        Assert.Equal("call", await FocusedAsync(page));
    }

    [Fact(DisplayName = "V7: a page's style reaches the parts and the custom properties")]
    public async Task Style_of_the_page()
    {
        BrowserFixture.SkipIfMissing();
        await using var page = await fixture.PageAsync(fixture.NextUser(), """
            <style>
              click-to-call { --click-to-call-color: rgb(10, 20, 30); --click-to-call-radius: 3px }
              #styled::part(call) { background: rgb(40, 50, 60) }
              #styled::part(note) { color: rgb(70, 80, 90) }
            </style>
            <click-to-call id=plain number=102></click-to-call><click-to-call id=styled number="+1 900 555-0100"></click-to-call>
            """);
        await page.ClickAsync("#styled [part=call]");
        await page.WaitAsync("#styled[phase=failed]");

        Assert.Equal("rgb(10, 20, 30)", await StyleAsync(page, "plain", "call", "backgroundColor"));
        Assert.Equal("3px", await StyleAsync(page, "plain", "call", "borderTopLeftRadius"));
        Assert.Equal("rgb(40, 50, 60)", await StyleAsync(page, "styled", "call", "backgroundColor"));
        Assert.Equal("rgb(70, 80, 90)", await StyleAsync(page, "styled", "note", "color"));
    }

    /// <summary>Tab by Tab, as often as there are things to stop at.</summary>
    private static async Task TabToAsync(BrowserPage page, string part)
    {
        for (var i = 0; i < 40 && await FocusedAsync(page) != part; i++) await page.PressAsync("Tab");
        Assert.Equal(part, await FocusedAsync(page));
    }

    private static async Task<string> FocusedAsync(BrowserPage page) =>
        (await page.EvaluateAsync("document.activeElement.shadowRoot?.activeElement?.part.value ?? ''"))!.GetValue<string>();

    private static async Task<string> StyleAsync(BrowserPage page, string id, string part, string property) =>
        (await page.EvaluateAsync($"getComputedStyle(document.getElementById('{id}').shadowRoot.querySelector('[part={part}]')).{property}"))!.GetValue<string>();
}
