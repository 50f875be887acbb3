using ClickToDial.Contracts.Calls;
using ClickToDial.EndToEnd.Suite;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Calls;

/// <summary>However a call fails, who asks for it learns why.</summary>
public sealed class ReasonTests(SuiteFixture fixture) : IAsyncLifetime
{
    private Phone _caller = null!;

    private ClickToDialSuite Suite => fixture.Product;

    public async ValueTask InitializeAsync()
    {
        SuiteFixture.SkipIfMissing();
        _caller = await fixture.PhoneAsync(hertz: 440);
    }

    public async ValueTask DisposeAsync()
    {
        if (_caller is not null) await _caller.DisposeAsync();
    }

    [Theory]
    [InlineData(IncomingCall.Busy, "busy", CallReasons.UserBusy)]
    [InlineData(IncomingCall.Decline, "refused", CallReasons.UserRefused)]
    public async Task UserRefuses(IncomingCall onCall, string result, string reason)
    {
        await using var phone = await fixture.PhoneAsync(hertz: 500, onCall);

        await AssertEndsAsync(await Suite.Api.ClickAsync(phone.User, "echo"), result, reason);
    }

    [Fact]
    public async Task UserDoesNotAnswer_IsCancelledInTime()
    {
        var call = await Suite.Api.ClickAsync(_caller.User, "echo", ringSeconds: 5);

        Assert.Equal(CallEnd.Cancelled, await (await _caller.RingsAsync()).EndsAsync());
        await AssertEndsAsync(call, "no-answer", CallReasons.UserNoAnswer);
    }

    [Fact]
    public async Task UserWithoutRegisteredDevice_IsToldSo() =>
        await AssertEndsAsync(await Suite.Api.ClickAsync("nobody", "echo"), "failed", CallReasons.UserNotRegistered);

    [Theory]
    [InlineData(IncomingCall.Busy, "busy", CallReasons.DestinationBusy)]
    [InlineData(IncomingCall.Decline, "refused", CallReasons.DestinationRefused)]
    public async Task DestinationRefuses(IncomingCall onCall, string result, string reason)
    {
        await using var callee = await fixture.PhoneAsync(hertz: 500, onCall);

        await AssertEndsAsync(await ClickAndAnswerAsync(callee.User), result, reason);
    }

    [Theory]
    [InlineData("busy", "busy", CallReasons.DestinationBusy)]
    [InlineData("no-answer", "no-answer", CallReasons.DestinationNoAnswer)]
    [InlineData(SuiteFixture.DeadPrefix + "1234567", "failed", CallReasons.DestinationUnreachable)]
    public async Task DestinationIsNotReached(string destination, string result, string reason) =>
        await AssertEndsAsync(await ClickAndAnswerAsync(destination, ringSeconds: 5), result, reason);

    [Fact]
    public async Task DestinationRings_UserHearsRingback()
    {
        await using var callee = await fixture.PhoneAsync(hertz: 500);
        var call = await Suite.Api.ClickAsync(_caller.User, callee.User);
        var calling = await _caller.RingsAsync();
        await calling.AnswerAsync();
        await callee.RingsAsync();

        await calling.HearsAsync(425);

        await calling.HangUpAsync();
        await AssertEndsAsync(call, "cancelled", CallReasons.UserHungUp);
    }

    [Theory]
    [InlineData("echo", 440)]
    [InlineData("milliwatt", 1004)]
    public async Task TestNumber_IsHeard(string destination, double hertz)
    {
        var call = await Suite.Api.ClickAsync(_caller.User, destination);
        var calling = await _caller.RingsAsync();
        await calling.AnswerAsync();

        await calling.HearsAsync(hertz);

        await calling.HangUpAsync();
        await AssertEndsAsync(call, "answered", CallReasons.UserHungUp);
    }

    [Fact]
    public async Task NumberOutside_GoesByTheTrunkWithTheUsersCallerId()
    {
        const string Number = SuiteFixture.CarrierPrefix + "7654321";
        await using var carrier = fixture.Carrier(hertz: 700);
        var call = await Suite.Api.ClickAsync(_caller.User, Number);
        var calling = await _caller.RingsAsync();
        Assert.Equal(Number, calling.CallerNumber);
        await calling.AnswerAsync();
        var called = await carrier.RingsAsync();
        Assert.StartsWith("+49891000", called.CallerNumber, StringComparison.Ordinal);
        await called.AnswerAsync();
        await calling.HearsAsync(700);
        await called.HearsAsync(440);

        await called.HangUpAsync();
        await AssertEndsAsync(call, "answered", CallReasons.DestinationHungUp);
    }

    private async Task<CallId> ClickAndAnswerAsync(string destination, int ringSeconds = 30)
    {
        var call = await Suite.Api.ClickAsync(_caller.User, destination, ringSeconds: ringSeconds);
        await (await _caller.RingsAsync()).AnswerAsync();
        return call;
    }

    private async Task AssertEndsAsync(CallId call, string result, string reason)
    {
        var ended = await Suite.EndedCallAsync(call);
        Assert.Equal((result, reason), (ended.Text("result"), ended.Text("reason")));
    }
}
