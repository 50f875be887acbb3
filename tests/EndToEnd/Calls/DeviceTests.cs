using ClickToDial.Contracts.Calls;
using ClickToDial.EndToEnd.Suite;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Calls;

/// <summary>All devices of the user ring together, until one answers (P4).</summary>
public sealed class DeviceTests(SuiteFixture fixture) : IAsyncLifetime
{
    private const string User = "many";
    private static readonly string[] Devices = ["many-desk", "many-mobile", "many-home"];

    private readonly List<Phone> _phones = [];

    private ClickToDialSuite Suite => fixture.Product;

    public ValueTask InitializeAsync()
    {
        SuiteFixture.SkipIfMissing();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in _phones)
        {
            await phone.RegisterAsync(seconds: 0);
            await phone.DisposeAsync();
        }
    }

    [Fact]
    public async Task FirstToAnswer_WinsAndTheOthersAreCancelled()
    {
        var calls = await RingAllAsync("echo");

        await calls[1].AnswerAsync();
        Assert.Equal(CallEnd.Cancelled, await calls[0].EndsAsync());
        Assert.Equal(CallEnd.Cancelled, await calls[2].EndsAsync());
        await calls[1].HearsAsync(_phones[1].Hertz);
        await calls[1].HangUpAsync();
    }

    [Fact]
    public async Task TwoAnswerAtOnce_OneTalksAndTheOtherIsHungUp()
    {
        var calls = await RingAllAsync("echo");

        calls[0].PickUp();
        calls[1].PickUp();
        await Task.WhenAll(calls[0].AnswerAsync(), calls[1].AnswerAsync());
        var loser = await Task.WhenAny(calls[0].EndsAsync(), calls[1].EndsAsync());
        Assert.Equal(CallEnd.HungUpByPeer, await loser);
        var winner = calls[0].HasEnded ? 1 : 0;
        await calls[winner].HearsAsync(_phones[winner].Hertz);
        Assert.Equal(CallEnd.Cancelled, await calls[2].EndsAsync());
        await calls[winner].HangUpAsync();
    }

    [Fact]
    public async Task AnswerThatCrossesTheCancel_IsHungUp()
    {
        var calls = await RingAllAsync("echo");

        calls[1].PickUp();
        await calls[0].AnswerAsync();
        await _phones[1].Messages.WaitAsync(line => line.StartsWith("< CANCEL", StringComparison.Ordinal), "the CANCEL");
        await calls[1].AnswerAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await calls[1].EndsAsync());
        await calls[0].HearsAsync(_phones[0].Hertz);
        await calls[0].HangUpAsync();
    }

    [Fact]
    public async Task OneRefuses_OthersGoOnRinging()
    {
        var calls = await RingAllAsync("echo");

        calls[0].Reject(486);
        await calls[2].AnswerAsync();
        await calls[2].HearsAsync(_phones[2].Hertz);
        Assert.Equal(CallEnd.Cancelled, await calls[1].EndsAsync());
        await calls[2].HangUpAsync();
    }

    [Fact]
    public async Task AllRefuse_CallEndsWithTheReason()
    {
        var calls = await RingAllAsync("echo", out var call);
        foreach (var ringing in calls) ringing.Reject(486);

        var ended = await Suite.EndedCallAsync(await call);
        Assert.Equal(CallReasons.UserBusy, ended.Text("reason"));
        Assert.Equal(3, ended.Body!["legs"]!.AsArray().Count);
    }

    private Task<PhoneCall[]> RingAllAsync(string destination) => RingAllAsync(destination, out _);

    private Task<PhoneCall[]> RingAllAsync(string destination, out Task<CallId> call)
    {
        var click = ClickAsync(destination);
        call = click;
        return RingAsync(click);
    }

    private async Task<CallId> ClickAsync(string destination)
    {
        for (var i = 0; i < Devices.Length; i++) _phones.Add(await Suite.RegisterAsync(Devices[i], 440 + 100 * i));
        return await Suite.Api.ClickAsync(User, destination);
    }

    private async Task<PhoneCall[]> RingAsync(Task click)
    {
        await click;
        return await Task.WhenAll(_phones.Select(p => p.RingsAsync()));
    }
}
