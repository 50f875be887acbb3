using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Interop.Worker;
using ClickToDial.TestKit.Audio;
using ClickToDial.TestKit.Baresip;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Interop.Baresip;

/// <summary>Two baresip phones joined by a click; each says its tone from a sound file and records what it hears.</summary>
[Collection(WorkerFixture.Collection)]
public sealed class BaresipTests(WorkerFixture fixture) : IDisposable
{
    private const double CallerHertz = 440;
    private const double CalleeHertz = 660;

    private readonly PortBlock _ports = PortBlock.Take();

    public void Dispose() => _ports.Dispose();

    [Theory]
    [InlineData("PCMA")]
    [InlineData("PCMU")]
    [InlineData("G722/16000/1")]
    public async Task Click_JoinsThemAndEachRecordsTheOther(string codec)
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var caller = await fixture.BaresipAsync(CallerHertz, _ports, codec);
        await using var callee = await fixture.BaresipAsync(CalleeHertz, _ports, codec);

        var call = await fixture.ClickAsync(callee.User, user: caller.User);
        Assert.Contains($"sip:{callee.User}@", await caller.RingsAsync(), StringComparison.Ordinal);
        await caller.AnswerAsync();
        Assert.Contains($"sip:{caller.User}@", await callee.RingsAsync(), StringComparison.Ordinal);
        await callee.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);
        await caller.HearsAsync(CalleeHertz);
        await callee.HearsAsync(CallerHertz);

        await callee.HangUpAsync();
        await caller.EndsAsync();
        await callee.EndsAsync();
        var end = await fixture.Functions.EndAsync(call);
        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.DestinationHungUp), end.Outcome! with { SipStatus = null });
        Assert.All(end.Legs!, leg => Assert.Equal(codec.Split('/')[0], leg.Media!.Codec));
        AssertNeverHearsItself(caller.Recording(), CallerHertz);
        AssertNeverHearsItself(callee.Recording(), CalleeHertz);
    }

    [Theory(DisplayName = "Wide-band phones hear what no narrow band carries (G.722, Opus)")]
    [InlineData("G722/16000/1")]
    [InlineData("opus/48000/2")]
    public async Task Wide_band_phones_hear_each_others_high_tones(string codec)
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var caller = await fixture.BaresipAsync(5200, _ports, codec);
        await using var callee = await fixture.BaresipAsync(6100, _ports, codec);
        var call = await TalkAsync(caller, callee);
        await caller.HearsAsync(6100);
        await callee.HearsAsync(5200);
        await fixture.HangUpAsync(call);
        var end = await fixture.Functions.EndAsync(call);
        Assert.All(end.Legs!, leg => Assert.Equal(codec.Split('/')[0], leg.Media!.Codec));
    }

    [Theory(DisplayName = "SRTP on one side, and another codec on the other: unprotected, transcoded, protected")]
    [InlineData("srtp-mand", "PCMA", null, "G722/16000/1")]
    [InlineData(null, "PCMU", "srtp-mand", "G722/16000/1")]
    [InlineData("srtp-mand", "G722/16000/1", null, "opus/48000/2")]
    public async Task Protected_phone_hears_one_of_another_codec(string? callers, string callersCodec, string? callees, string calleesCodec)
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var caller = await fixture.BaresipAsync(CallerHertz, _ports, callersCodec, callers);
        await using var callee = await fixture.BaresipAsync(CalleeHertz, _ports, calleesCodec, callees);
        var call = await TalkAsync(caller, callee);
        await caller.HearsAsync(CalleeHertz);
        await callee.HearsAsync(CallerHertz);
        await fixture.HangUpAsync(call);
        var end = await fixture.Functions.EndAsync(call);
        Assert.Equal([callersCodec.Split('/')[0], calleesCodec.Split('/')[0]], end.Legs!.Select(leg => leg.Media!.Codec));
        Assert.Equal([callers is not null, callees is not null], end.Legs!.Select(leg => leg.Media!.Protection is not null));
    }

    [Fact]
    public async Task Click_JoinsAPhoneOnTlsWithOneOnUdp()
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var caller = await fixture.SecureBaresipAsync(CallerHertz, _ports);
        await using var callee = await fixture.BaresipAsync(CalleeHertz, _ports);

        var call = await fixture.ClickAsync(callee.User, user: caller.User);
        await caller.RingsAsync();
        await caller.AnswerAsync();
        await callee.RingsAsync();
        await callee.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);
        await caller.HearsAsync(CalleeHertz);
        await callee.HearsAsync(CallerHertz);

        Assert.Equal(CallReasons.HungUpByApi, (await fixture.HangUpAsync(call)).Reason);
        await caller.EndsAsync();
    }

    [Theory(DisplayName = "SRTP with keys in SDP: on one side, on both, and beside plain RTP (RFC 4568, RFC 8643)")]
    [InlineData("srtp-mand", null)]
    [InlineData(null, "srtp-mand")]
    [InlineData("srtp-mand", "srtp-mand")]
    [InlineData("srtp", "srtp-mand")]
    public async Task Protected_phones_hear_each_other(string? callers, string? callees)
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var caller = await fixture.BaresipAsync(CallerHertz, _ports, encryption: callers);
        await using var callee = await fixture.BaresipAsync(CalleeHertz, _ports, encryption: callees);

        var call = await fixture.ClickAsync(callee.User, user: caller.User);
        await caller.RingsAsync();
        await caller.AnswerAsync();
        await callee.RingsAsync();
        await callee.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);
        await caller.HearsAsync(CalleeHertz);
        await callee.HearsAsync(CallerHertz);

        await fixture.HangUpAsync(call);
        var end = await fixture.Functions.EndAsync(call);
        var suites = new[] { callers, callees }.Select(encryption => encryption is not null);
        Assert.Equal(suites, end.Legs!.Select(leg => leg.Media!.Protection is not null));
    }

    [Fact(DisplayName = "A phone that dials with RTP/SAVP gets it")]
    public async Task Dialling_phone_gets_the_protection_it_offers()
    {
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        await using var caller = await fixture.BaresipAsync(CallerHertz, _ports, encryption: "srtp-mand");
        await caller.DialAsync($"sip:echo@{WorkerFixture.Domain}");
        await caller.TalksAsync();
        await caller.HearsAsync(CallerHertz);
        await caller.HangUpAsync();
        await caller.EndsAsync();
    }

    private async Task<CallId> TalkAsync(BaresipPhone caller, BaresipPhone callee)
    {
        var call = await fixture.ClickAsync(callee.User, user: caller.User);
        await caller.RingsAsync();
        await caller.AnswerAsync();
        await callee.RingsAsync();
        await callee.AnswerAsync();
        await fixture.Functions.EventAsync(call, CallEventType.CallConnected);
        return call;
    }

    private static void AssertNeverHearsItself(WavFile recording, double own)
    {
        var tenth = recording.SampleRate / 10;
        for (var at = 0; at + tenth <= recording.Samples.Length; at += tenth)
            Assert.False(ToneMeter.IsMainly(recording.Samples.AsSpan(at, tenth), own, recording.SampleRate), $"its own tone after {at} samples");
    }
}
