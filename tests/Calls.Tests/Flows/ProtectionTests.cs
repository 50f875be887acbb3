using System.Text;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Keys in SDP: who is offered them, who gets them, and where they may travel.</summary>
public sealed class ProtectionTests : FlowTest
{
    private const string TheirKey = "a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n";
    private const string OtherKey = "a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR\r\n";

    [Fact(DisplayName = "A device that offers RTP/SAVP gets it, over plain RTP to the far end; a refresh keeps its key")]
    public async Task Device_that_offers_protection_gets_it()
    {
        await RestartAsync(ClearKeys.Allow);
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync();

        var call = user.Dial(Number, Secure(TheirKey));
        var invite = await far.RequestAsync();
        Assert.Contains("RTP/AVP ", Text(invite.Request.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("a=crypto", Text(invite.Request.Body), StringComparison.Ordinal);
        far.Answer(invite, SipUa.Sdp("8"));
        var answer = Text((await call.ResponseAsync()).Body);
        Assert.Contains("RTP/SAVP 8", answer, StringComparison.Ordinal);
        var key = Line(answer, "a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:");
        Assert.DoesNotContain(TheirKey.Trim(), answer, StringComparison.Ordinal);

        Assert.Equal(key, Line(await ReinviteAsync(user, call, Secure(TheirKey)), "a=crypto:4"));
        Assert.NotEqual(key, Line(await ReinviteAsync(user, call, Secure(OtherKey)), "a=crypto:4"));
    }

    [Fact(DisplayName = "Over clear signalling keys are refused unless the option allows them")]
    public async Task Keys_in_clear_are_refused_by_default()
    {
        await using var user = await RegisteredAsync("101-a");
        Assert.Equal(488, (await user.Dial("echo", Secure(TheirKey)).ResponseAsync()).Status);

        // Keys beside plain RTP (RFC 8643) are passed over.
        var response = await AnswerAsync(user.Dial("echo", SipUa.Sdp("8", TheirKey)));
        Assert.Equal(200, response.Status);
        Assert.DoesNotContain("a=crypto", Text(response.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offer_of_keys_beside_plain_RTP_is_taken_where_allowed()
    {
        await RestartAsync(ClearKeys.Warn);
        await using var user = await RegisteredAsync("101-a");
        var answer = Text((await AnswerAsync(user.Dial("echo", SipUa.Sdp("8", TheirKey)))).Body);
        Assert.Contains("RTP/AVP 8", answer, StringComparison.Ordinal);
        Line(answer, "a=crypto:4");
    }

    [Fact(DisplayName = "A trunk that requires protection is offered RTP/SAVP, and is not taken without")]
    public async Task Trunk_that_requires_protection_is_offered_it()
    {
        await RestartAsync(ClearKeys.Allow);
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync(trunk => trunk with { Srtp = MediaProtection.Required });

        var first = user.Dial(Number, SipUa.Sdp("8"));
        var invite = await far.RequestAsync();
        Assert.Contains("RTP/SAVP 8", Text(invite.Request.Body), StringComparison.Ordinal);
        Line(Text(invite.Request.Body), "a=crypto:1 ");
        far.Answer(invite, SipUa.Sdp("8"));
        Assert.Equal(488, (await first.ResponseAsync()).Status);

        var second = user.Dial(Number, SipUa.Sdp("8"));
        invite = await far.RequestAsync();
        var tag = Text(invite.Request.Body).Split("\r\n").First(line => line.Contains("HMAC_SHA1_80", StringComparison.Ordinal))["a=crypto:".Length];
        far.Answer(invite, Secure(TheirKey.Replace("crypto:4", $"crypto:{tag}", StringComparison.Ordinal)));
        var response = await second.ResponseAsync();
        Assert.Equal(200, response.Status);
        Assert.DoesNotContain("a=crypto", Text(response.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trunk_that_may_protect_is_offered_keys_beside_plain_RTP()
    {
        await RestartAsync(ClearKeys.Allow);
        await using var user = await RegisteredAsync("101-a");
        await using var far = await FarEndAsync(trunk => trunk with { Srtp = MediaProtection.Optional });
        var call = user.Dial(Number, SipUa.Sdp("8"));
        var invite = await far.RequestAsync();
        Assert.Contains("RTP/AVP 8", Text(invite.Request.Body), StringComparison.Ordinal);
        Line(Text(invite.Request.Body), "a=crypto:1 ");
        far.Answer(invite, SipUa.Sdp("8"));
        Assert.Equal(200, (await call.ResponseAsync()).Status);
    }

    private static async Task<SipResponse> AnswerAsync(SipUa.Dialled call)
    {
        while (true)
            if (await call.ResponseAsync() is { Status: >= 200 } response)
                return response;
    }

    private static byte[] Secure(string lines) =>
        Encoding.ASCII.GetBytes(Text(SipUa.Sdp("8", lines)).Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal));

    private static string Text(ReadOnlyMemory<byte> body) => Encoding.ASCII.GetString(body.Span);

    private static string Line(string sdp, string start) => Assert.Single(sdp.Split("\r\n"), line => line.StartsWith(start, StringComparison.Ordinal));

    private static async Task<string> ReinviteAsync(SipUa user, SipUa.Dialled call, byte[] offer)
    {
        var again = new SipUa.Dialled(user);
        again.Invite = user.Endpoint.Reinvite(call.Dialog!, offer, "application/sdp", again, null);
        return Text((await again.ResponseAsync()).Body);
    }

    private async Task RestartAsync(ClearKeys clear)
    {
        await Rig.KillWorkerAsync();
        Rig.Configure = options => options with { Srtp = new SrtpOptions { ClearSignalling = clear } };
        await Rig.StartWorkerAsync();
    }
}
