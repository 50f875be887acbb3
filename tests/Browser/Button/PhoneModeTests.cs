using ClickToDial.Browser.Chromium;
using ClickToDial.Browser.Suite;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Browser.Button;

/// <summary>A click in a real browser rings real phones (V7, V8, D1).</summary>
public sealed class PhoneModeTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const double CallerHertz = 440;
    private const double CalleeHertz = 660;

    private Phone _caller = null!;
    private Phone _callee = null!;

    public async ValueTask InitializeAsync()
    {
        BrowserFixture.SkipIfMissing();
        _caller = await fixture.PhoneAsync(CallerHertz);
        _callee = await fixture.PhoneAsync(CalleeHertz);
    }

    public async ValueTask DisposeAsync()
    {
        if (_caller is not null) await _caller.DisposeAsync();
        if (_callee is not null) await _callee.DisposeAsync();
    }

    [Fact]
    public async Task Click_JoinsTheUsersPhoneAndTheNumber_AndTheButtonSaysSo()
    {
        await using var page = await fixture.PageAsync(_caller.User, $"<click-to-call number='{_callee.User}'>Call Blaise</click-to-call>");
        await page.ClickAsync("[part=call]");
        var calling = await _caller.RingsAsync();
        await page.WaitAsync("click-to-call[phase=ringing-you]");
        Assert.Equal("Your phone is ringing", await page.TextAsync("[role=status]"));
        await calling.AnswerAsync();
        var called = await _callee.RingsAsync();
        await page.WaitAsync("click-to-call[phase=ringing]");
        await called.AnswerAsync();
        await page.WaitAsync("click-to-call[phase=connected]");
        await calling.HearsAsync(CalleeHertz);
        await called.HearsAsync(CallerHertz);
        Assert.Matches("^0:0[0-9]$", await page.TextAsync("[part=timer]"));

        await page.ClickAsync("[part=hold]");
        await page.WaitAsync("[part=hold][aria-pressed=true]");
        Assert.Equal("On hold", await page.TextAsync("[part=status]"));
        await page.ClickAsync("[part=hold]");
        await page.WaitAsync("[part=hold][aria-pressed=false]");
        await called.HearsAsync(CallerHertz, from: called.Heard.Count);

        await page.ClickAsync("[part=hang-up]");
        Assert.Equal(CallEnd.HungUpByPeer, await calling.EndsAsync());
        await called.EndsAsync();
        await page.WaitAsync("click-to-call[phase=ended]");
        Assert.True(await page.IsVisibleAsync("[part=call]"));
    }

    [Fact]
    public async Task CompatibleForm_CallsAndCancels()
    {
        await using var page = await fixture.PageAsync(
            _caller.User, $"<pbx-contact number='{_callee.User}'><button name=call>Call</button><button name=cancel>Cancel</button></pbx-contact>");
        await page.WaitAsync("pbx-contact[data-phase=idle]");
        await page.ClickAsync("[name=call]");
        var calling = await _caller.RingsAsync();
        await page.WaitAsync("pbx-contact[data-phase=ringing-you]");

        await page.ClickAsync("[name=cancel]");

        Assert.Equal(CallEnd.Cancelled, await calling.EndsAsync());
        await page.WaitAsync("pbx-contact[data-phase=ended]");
        Assert.Equal(0, _callee.CallCount);
    }

    [Fact]
    public async Task Keyboard_CallsWithEnterAndGivesUpWithEscape()
    {
        await using var page = await fixture.PageAsync(_caller.User, $"<click-to-call number='{_callee.User}'></click-to-call>");
        await page.WaitAsync("click-to-call[number]");
        await page.FocusAsync("[part=call]");
        await page.PressAsync("Enter");
        var calling = await _caller.RingsAsync();
        await page.WaitAsync("click-to-call[phase=ringing-you]");
        // The focus is on the button that is there now, not lost with the one that went.
        Assert.Equal("hang-up", (await page.EvaluateAsync("document.activeElement.shadowRoot.activeElement.part.value"))!.GetValue<string>());

        await page.PressAsync("Escape");

        Assert.Equal(CallEnd.Cancelled, await calling.EndsAsync());
        await page.WaitAsync("click-to-call[phase=ended]");
    }

    [Fact]
    public async Task PageLoadedAnewInTheMiddle_FindsItsCallAgain()
    {
        // In the page itself: what a script has put there would be gone.
        await using var page = await fixture.Chromium.OpenAsync(
            $"{fixture.Crm}?as={_caller.User}", $"addEventListener('DOMContentLoaded', () => document.querySelector('main').innerHTML = \"<click-to-call number='{_callee.User}'></click-to-call>\")");
        await page.ClickAsync("[part=call]");
        var calling = await _caller.RingsAsync();
        await calling.AnswerAsync();
        var called = await _callee.RingsAsync();
        await called.AnswerAsync();
        await page.WaitAsync("click-to-call[phase=connected]");

        await page.ReloadAsync();

        await page.WaitAsync("click-to-call[phase=connected]");
        await calling.HearsAsync(CalleeHertz, from: calling.Heard.Count);
        await called.HangUpAsync();
        await page.WaitAsync("click-to-call[phase=ended]");
        Assert.Equal(1, _caller.CallCount);
    }

    [Fact]
    public async Task SeveralOnAPage_DoNotMix()
    {
        await using var page = await fixture.PageAsync(
            _caller.User, $"<click-to-call id=one number='{_callee.User}'></click-to-call><click-to-call id=two number='echo'></click-to-call>");
        await page.ClickAsync("#one [part=call]");
        var calling = await _caller.RingsAsync();
        await page.WaitAsync("#one[phase=ringing-you]");

        Assert.True(await page.IsVisibleAsync("#two [part=call]"));
        calling.Reject(486);
        await page.WaitAsync("#one[phase=failed]");
        Assert.Equal("Your phone is busy", await page.TextAsync("#one [part=note]"));
    }

    [Fact]
    public async Task NumberThatIsDenied_IsRefusedInWords()
    {
        await using var page = await fixture.PageAsync(_caller.User, "<click-to-call number='+1 900 555-0100'></click-to-call>");
        await page.ClickAsync("[part=call]");
        await page.WaitAsync("click-to-call[phase=failed]");
        Assert.Equal("Calls to this number are not allowed", await page.TextAsync("[part=note]"));
    }

    [Theory]
    [InlineData("origin: 'https://other.example'", "This page may not make calls")]
    [InlineData("destinations: ['+49*']", "Calls to this number are not allowed from this page")]
    public async Task TokenThatDoesNotFit_IsRefusedInWords(string bound, string said)
    {
        var members = bound.Split(": ");
        var body = new System.Text.Json.Nodes.JsonObject
        {
            ["user"] = _caller.User,
            [members[0]] = System.Text.Json.Nodes.JsonNode.Parse(members[1].Replace('\'', '"')),
        };
        var session = await fixture.Product.Api.SendAsync(HttpMethod.Post, "/api/sessions", body, key: fixture.Product.Seed.ApiKey);
        await using var page = await fixture.PageAsync(_caller.User, $"<click-to-call number='{_callee.User}'></click-to-call>");
        await page.WaitAsync("click-to-call[number]");
        await page.EvaluateAsync($"document.querySelector('click-to-call').session = async () => ({{ token: '{session.Body!["token"]}' }})");

        await page.ClickAsync("[part=call]");

        await page.WaitAsync("click-to-call[phase=failed]");
        Assert.Equal(said, await page.TextAsync("[part=note]"));
        Assert.Equal(0, _caller.CallCount);
    }

    [Fact]
    public async Task UserWhoIsNotSignedIn_IsToldSo()
    {
        await using var page = await fixture.PageAsync(_caller.User, $"<click-to-call session='/crm/session?as=stranger' number='{_callee.User}'></click-to-call>");
        await page.ClickAsync("[part=call]");
        await page.WaitAsync("click-to-call[phase=failed]");
        Assert.Equal("Please sign in again", await page.TextAsync("[part=note]"));
    }
}
