using System.Net;
using ClickToDial.TestKit.Baresip;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Tools;

/// <summary>
/// The scripted phone that other suites rely on, against a phone that nobody here wrote: nothing of the product takes part.
/// </summary>
public sealed class ScriptedPhoneTests : IAsyncLifetime
{
    private readonly PortBlock _ports = PortBlock.Take();
    private Phone _phone = null!;
    private BaresipPhone? _baresip;

    public async ValueTask InitializeAsync()
    {
        _phone = new Phone(new PhoneSettings(new IPEndPoint(IPAddress.Loopback, 5060), "phones.test", "scripted", "", 660));
        if (!Tool.Baresip.IsInstalled) return;
        _baresip = await BaresipPhone.StartAsync(new BaresipSettings("127.0.0.1", "baresip", "unused", Registrar: null, Hertz: 440), _ports);
    }

    public async ValueTask DisposeAsync()
    {
        if (_baresip is not null) await _baresip.DisposeAsync();
        await _phone.DisposeAsync();
        _ports.Dispose();
    }

    [Fact]
    public async Task CallFromBaresip_BothHearEachOtherUntilThePhoneHangsUp()
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await _baresip!.DialAsync($"sip:scripted@{_phone.Address}");
        var call = await _phone.RingsAsync();
        Assert.Equal("baresip", call.CallerNumber);
        await call.AnswerAsync();
        await _baresip.TalksAsync();

        var heard = await call.HearsAsync(440);
        await _baresip.HearsAsync(660);
        Assert.False(heard.IsMainly(660));

        await call.HangUpAsync();
        await _baresip.EndsAsync();
    }

    [Fact]
    public async Task CallerGivesUp_PhoneSeesTheCancel()
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await _baresip!.DialAsync($"sip:scripted@{_phone.Address}");
        var call = await _phone.RingsAsync();
        // Before a provisional response there is nothing to cancel (RFC 3261 section 9.1).
        await _baresip.HearsRingingAsync();
        await _baresip.HangUpAsync();

        Assert.Equal(CallEnd.Cancelled, await call.EndsAsync());
    }

    [Fact]
    public async Task Hold_IsUnderstoodAndTakenBack()
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await _baresip!.DialAsync($"sip:scripted@{_phone.Address}");
        var call = await _phone.RingsAsync();
        await call.AnswerAsync();
        await call.HearsAsync(440);

        Assert.Equal("recvonly", await call.ReinviteAsync("sendonly"));
        Assert.Equal("sendrecv", await call.ReinviteAsync("sendrecv"));
        await call.HearsAsync(440, from: call.Heard.Count);
        await _baresip.HangUpAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await call.EndsAsync());
    }
}
