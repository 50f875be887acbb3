using System.Text;
using ClickToDial.Core.Access;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Egress;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Tests.Deliveries;

public sealed class SubscriptionRequestTests
{
    [Theory]
    [InlineData("""{"url":"http://a.example/"}""", "webhook-url-not-allowed", "url")]
    [InlineData("""{"url":"https://10.0.0.1/"}""", "webhook-url-not-allowed", "url")]
    [InlineData("""{"url":5}""", "field-wrong-type", "url")]
    [InlineData("""{"style":"xml"}""", "field-invalid", "style")]
    [InlineData("""{"triggers":[]}""", "field-out-of-range", "triggers")]
    [InlineData("""{"headers":{"Host":"x"}}""", "header-not-allowed", "headers")]
    [InlineData("""{"headers":{"A":5}}""", "field-wrong-type", "headers")]
    [InlineData("""{"headers":{"A":"1","a":"2"}}""", "field-invalid", "headers")]
    [InlineData("""{"headers":["A"]}""", "field-wrong-type", "headers")]
    [InlineData("""{"headers":{"A":"x\r\ny"}}""", "field-invalid", "headers")]
    [InlineData("""{"headers":{"\ud800":"x"}}""", "invalid-json", null)]
    [InlineData("""{"secret":"plain"}""", "field-invalid", "secret")]
    [InlineData("""{"token":"short"}""", "field-invalid", "token")]
    [InlineData("""{"token":"with a blank in it"}""", "field-invalid", "token")]
    [InlineData("""{"keepPreviousHours":169}""", "field-out-of-range", "keepPreviousHours")]
    [InlineData("[]", "invalid-json", null)]
    public void BadMember_IsNamed(string body, string reason, string? field)
    {
        var problem = Read(body).Problem;
        Assert.Equal((reason, field), (problem?.Reason, problem?.Field));
    }

    [Fact]
    public void TooManyHeaders_AreRefused()
    {
        var headers = string.Join(",", Enumerable.Range(0, HeaderRules.MaxCount + 1).Select(i => $"\"X-{i}\":\"v\""));
        Assert.Equal("field-out-of-range", Read("{\"headers\":{" + headers + "}}").Problem?.Reason);
    }

    [Fact]
    public void WhatIsNotSaid_IsNull()
    {
        var request = Read("{}").Value!;
        Assert.Equal((null, null, null, null), (request.Url, request.Style, request.Triggers, request.Headers));
        Assert.Equal((24, false, false), (request.KeepPreviousHours, request.NewSecret, request.Verify));
    }

    [Theory]
    [InlineData(PayloadStyle.Pbx, "user_inbound", true)]
    [InlineData(PayloadStyle.Pbx, "call.started", false)]
    [InlineData(PayloadStyle.Pbx, "nonsense", false)]
    [InlineData(PayloadStyle.Pbx, "*", true)]
    [InlineData(PayloadStyle.CallEvent, "call.started", true)]
    [InlineData(PayloadStyle.CallEvent, "queue_call", true)]
    [InlineData(PayloadStyle.CallEvent, "user_inbound", false)]
    public void Trigger_MustBeOneOfTheStyles(PayloadStyle style, string trigger, bool known) =>
        Assert.Equal(known, SubscriptionRequest.CheckTriggers([trigger], style) is null);

    [Fact]
    public void Rotation_LetsOldSecretsSignForAWhile()
    {
        var now = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
        var secrets = new WebhookSecrets([new("whsec_a")], "token", new Dictionary<string, string>());

        var rotated = secrets.Rotated("whsec_b", now, TimeSpan.FromHours(24)).Rotated("whsec_c", now.AddHours(1), TimeSpan.FromHours(48));

        Assert.Equal(["whsec_c", "whsec_b", "whsec_a"], rotated.Valid(now.AddHours(1)));
        Assert.Equal(["whsec_c", "whsec_b"], rotated.Valid(now.AddHours(24)));
        Assert.Equal(["whsec_c"], rotated.Valid(now.AddHours(49)));
        Assert.Equal(["whsec_d"], rotated.Rotated("whsec_d", now, TimeSpan.Zero).Valid(now));
    }

    private static Result<SubscriptionRequest> Read(string body) =>
        SubscriptionRequest.Read(Encoding.UTF8.GetBytes(body), new EgressRules(AddressRanges.None), allowPlainHttp: false);
}
