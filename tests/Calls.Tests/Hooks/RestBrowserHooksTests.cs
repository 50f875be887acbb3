using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.Calls.Hooks;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Tests.Hooks;

/// <summary>F2, F4, F8: what back ends are asked, and what their answers are good for.</summary>
public sealed class RestBrowserHooksTests
{
    [Fact]
    public async Task Connect_tells_who_comes_from_where_and_never_the_token()
    {
        await using var rig = await HookRig.StartAsync();
        var identity = Assert.IsType<ConnectAnswer.Accepted>(await rig.ConnectAsync()).Identity;
        Assert.Equal(("demo.local", "101", "User 101"), (identity.Domain, identity.User, identity.DisplayName));
        var asked = await rig.Own.NextAsync();
        Assert.Equal(("s1", "https://crm.example.com", "101", "demo.local", "defaultApp", "worker-1"),
            (asked.Text("sessionId"), asked.Text("origin"), asked.Text("sipLogin"), asked.Text("sipDomain"), asked.Text("appKey"), asked.Text("nodeId")));
        Assert.DoesNotContain("the-token", Encoding.UTF8.GetString(asked.Body));
    }

    [Fact]
    public async Task Forged_token_bothers_nobody()
    {
        await using var rig = await HookRig.StartAsync(withFunctions: true);
        var answer = await rig.Browsers.ConnectAsync(new BrowserConnect("s1", "forged", null, new IPEndPoint(IPAddress.Loopback, 1)), TestContext.Current.CancellationToken);
        Assert.Equal("token-invalid", Assert.IsType<ConnectAnswer.Refused>(answer).Why.Slug);
        Assert.True(rig.Own.WasNotAsked && rig.Functions!.WasNotAsked);
    }

    [Theory]
    [InlineData("102", "102")]
    [InlineData("", "101")]
    [InlineData("nobody", null)]
    public async Task Back_end_names_the_identity_within_its_domain(string named, string? user)
    {
        await using var rig = await HookRig.StartAsync();
        rig.Own.Change("connect", body => body["sipLogin"] = named);
        var answer = await rig.ConnectAsync();
        if (user is null) Assert.Equal("hook-identity-unknown", Assert.IsType<ConnectAnswer.Refused>(answer).Why.Slug);
        else Assert.Equal(user, Assert.IsType<ConnectAnswer.Accepted>(answer).Identity.User);
    }

    [Theory]
    [InlineData("OVERWRITE", "callee,caller,maxDurationSeconds", "+49301", "+49302", 60)]
    [InlineData("OVERWRITE", "caller", "sales", "+49302", null)]
    [InlineData("OVERWRITE", "", "sales", null, null)]
    [InlineData("NOTIFY", "callee,caller,maxDurationSeconds", "sales", null, null)]
    public async Task Answer_changes_the_fields_that_the_rule_lists(string policy, string overwrite, string callee, string? caller, int? seconds)
    {
        await using var rig = await HookRig.StartAsync();
        var identity = await rig.LetInAsync("call", new { restPolicy = policy, restOverwrite = overwrite });
        rig.Own.Change("call", body => (body["callee"], body["caller"], body["maxDurationSeconds"]) = ("+49301", "+49302", 60));
        var accepted = Assert.IsType<CallAnswer.Accepted>(await rig.CallAsync(identity));
        Assert.Equal((callee, caller, seconds), (accepted.Callee, accepted.CallerId, (int?)accepted.MaxDuration?.TotalSeconds));
    }

    [Theory]
    [InlineData("DISABLE")]
    [InlineData("DISABLED")]
    public async Task Rule_may_switch_a_hook_off(string policy)
    {
        await using var rig = await HookRig.StartAsync();
        var identity = await rig.LetInAsync("call", new { restPolicy = policy, restOnError = "FAIL" });
        rig.Own.Refuse("call", 403);
        Assert.Equal("sales", Assert.IsType<CallAnswer.Accepted>(await rig.CallAsync(identity)).Callee);
        Assert.True(rig.Own.WasNotAsked);
    }

    [Fact]
    public async Task Rule_keeps_fields_from_the_back_end_and_from_the_browser()
    {
        await using var rig = await HookRig.StartAsync();
        await rig.LetInAsync("CallStatusEvent", new { restExclude = "domain, user", clientExclude = "callee,nodeId" });
        rig.Browsers.Notify(new BrowserEvent(BrowserEventKind.CallFinished, "s1", TimeProvider.System.GetUtcNow(), "demo.local", "101", "c1", "+49301", 486, "busy"));
        var told = await rig.Own.NextAsync();
        Assert.Equal(("FINISH", "c1", "+49301", "busy"), (told.Text("status"), told.Text("callId"), told.Text("callee"), told.Text("info")));
        Assert.False(told.Json.ContainsKey("domain") || told.Json.ContainsKey("user"));
        var shown = (await rig.ToClient.NextAsync()).Body;
        Assert.False(shown.ContainsKey("callee") || shown.ContainsKey("nodeId"));
        Assert.Equal("c1", shown["callId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Functions_have_the_last_word_whatever_the_domains_back_end_says()
    {
        await using var rig = await HookRig.StartAsync(withFunctions: true);
        var identity = await rig.LetInAsync("call", new { restPolicy = "OVERWRITE", restOverwrite = "callee,maxDurationSeconds" });
        var connected = (await rig.Functions!.NextAsync()).Json;
        Assert.Equal("the-token", connected["authToken"]!.GetValue<string>());
        rig.Own.Change("call", body => (body["callee"], body["maxDurationSeconds"]) = ("+49301", 60));
        rig.Functions.Change("call", body => (body["callee"], body["caller"], body["maxDurationSeconds"]) = ("+49302", "+49303", 600));
        var accepted = Assert.IsType<CallAnswer.Accepted>(await rig.CallAsync(identity));
        Assert.Equal(("+49302", "+49303", TimeSpan.FromSeconds(60)), (accepted.Callee, accepted.CallerId, accepted.MaxDuration));
        var asked = await rig.Functions.NextAsync();
        Assert.Equal(("+49301", "sales", "t1", "203.0.113.9"), (asked.Text("callee"), asked.Text("asked"), asked.Text("tokenId"), asked.Text("clientAddress")));
        Assert.Equal(["sales", "+49*"], asked.Json["tokenDestinations"]!.AsArray().Select(d => d!.GetValue<string>()));

        rig.Functions.On["call"] = async (_, http) =>
        {
            http.Response.StatusCode = 403;
            await http.Response.Body.WriteAsync("""{"reason":"destination-premium"}"""u8.ToArray());
        };
        Assert.Equal(new HookRefusal(403, "destination-premium"), Assert.IsType<CallAnswer.Refused>(await rig.CallAsync(identity)).Why);
        rig.Functions.Refuse("call", 500);
        Assert.Equal(503, Assert.IsType<CallAnswer.Refused>(await rig.CallAsync(identity)).Why.Status);
    }

    [Fact(DisplayName = "B2: a place in a call is charged by the functions as a call of the token's, and is no call that a back end puts elsewhere")]
    public async Task Place_in_a_call_is_charged_by_the_functions()
    {
        await using var rig = await HookRig.StartAsync(withFunctions: true);
        var identity = await rig.LetInAsync("call", new { restOnError = "FAIL" });
        await rig.Functions!.NextAsync();
        rig.Functions.Refuse("call", 403);
        var place = new BrowserCall(identity, "s1", "place-1", "101") { TakesPlace = true };
        Assert.Equal(403, Assert.IsType<CallAnswer.Refused>(await rig.Browsers.CallAsync(place, TestContext.Current.CancellationToken)).Why.Status);
        var asked = await rig.Functions.NextAsync();
        Assert.Equal(("place-1", "101", "t1"), (asked.Text("callId"), asked.Text("callee"), asked.Text("tokenId")));
        Assert.True(rig.Own.WasNotAsked);
    }

    [Fact]
    public async Task Without_functions_and_back_end_the_token_decides()
    {
        await using var rig = await HookRig.StartAsync(change: _ => null);
        var identity = Assert.IsType<ConnectAnswer.Accepted>(await rig.ConnectAsync()).Identity;
        Assert.Equal("sales", Assert.IsType<CallAnswer.Accepted>(await rig.CallAsync(identity)).Callee);
        Assert.Equal("token-destination-not-covered", Assert.IsType<CallAnswer.Refused>(await rig.CallAsync(identity, "+1900")).Why.Slug);
    }

    [Fact(DisplayName = "F2: a key that was heard already is told of, and nobody waits for the answer, also where keys may be stopped")]
    public async Task Act_that_has_come_about_is_told_of()
    {
        await using var rig = await HookRig.StartAsync();
        var identity = await rig.LetInAsync("sendDTMF", new { restOnError = "FAIL" });
        rig.Own.Refuse("sendDTMF", 403);
        var act = new BrowserAct(identity, "s1", "c1", BrowserActKind.SendDtmf, "5");
        Assert.Null(await rig.Browsers.ActAsync(act with { IsDone = true }, TestContext.Current.CancellationToken));
        Assert.Equal("sendDTMF", (await rig.Own.NextAsync()).Method);
        Assert.NotNull(await rig.Browsers.ActAsync(act, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Requests_are_signed_as_Standard_Webhooks_say()
    {
        await using var rig = await HookRig.StartAsync();
        await rig.ConnectAsync();
        var asked = await rig.Own.NextAsync();
        var content = Encoding.UTF8.GetBytes($"{asked.Headers["webhook-id"]}.{asked.Headers["webhook-timestamp"]}.").Concat(asked.Body).ToArray();
        var mac = HMACSHA256.HashData(Convert.FromBase64String(HookRig.Secret["whsec_".Length..]), content);
        Assert.Equal("v1," + Convert.ToBase64String(mac), asked.Headers["webhook-signature"]);
        Assert.Equal(rig.Time.GetUtcNow().ToUnixTimeSeconds(), long.Parse(asked.Headers["webhook-timestamp"], CultureInfo.InvariantCulture));
        Assert.Equal("application/json", asked.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData(HookSigning.Wcs)]
    [InlineData(HookSigning.None)]
    public async Task Requests_are_signed_as_Web_Call_Server_does_where_that_is_wanted(HookSigning signing)
    {
        await using var rig = await HookRig.StartAsync(change: hooks => hooks with { Signing = signing, Secret = HookRig.WcsKey });
        await rig.ConnectAsync();
        var asked = await rig.Own.NextAsync();
#pragma warning disable CA5351 // Their form.
        var mac = Convert.ToHexStringLower(HMACMD5.HashData(Encoding.UTF8.GetBytes(HookRig.WcsKey), asked.Body));
#pragma warning restore CA5351
        Assert.Equal(signing == HookSigning.Wcs ? "WCS " + mac : null, asked.Headers.GetValueOrDefault("Authorization"));
        Assert.False(asked.Headers.ContainsKey("webhook-signature"));
    }

    [Fact]
    public void Rules_that_make_no_sense_count_as_not_said()
    {
        var rule = HookRules.Read(JsonNode.Parse("""{"call":{"restOnError":1,"restPolicy":"x","clientExclude":[],"restOverwrite":null}}"""))["call"];
        Assert.Equal((HookOnError.Log, HookPolicy.Notify, 0), (rule.OnError, rule.Policy, rule.ClientExclude.Count + rule.Overwrite.Count));
        Assert.Same(HookRule.Default, HookRules.Read(JsonNode.Parse("[]"))["call"]);
    }
}
