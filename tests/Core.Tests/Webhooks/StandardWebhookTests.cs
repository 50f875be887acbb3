using System.Text;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.Core.Tests.Webhooks;

public sealed class StandardWebhookTests
{
    // The specification's own example.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Body = """{"test": 2432232314}""";
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Fact]
    public void Signature_IsTheOneOfTheSpecification()
    {
        Assert.True(StandardWebhook.TryReadSecret(Secret, out var key));

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", StandardWebhook.Sign([key], Id, Time, Encoding.UTF8.GetBytes(Body)));
    }

    [Theory]
    [InlineData(Id, "1614265330", 0, true)]
    [InlineData(Id, "1614265330", 299, true)]
    [InlineData(Id, "1614265330", 301, false)]
    [InlineData(Id, "1614265330", -301, false)]
    [InlineData("other", "1614265330", 0, false)]
    [InlineData("", "1614265330", 0, false)]
    [InlineData(null, "1614265330", 0, false)]
    [InlineData(Id, "1614265331", 0, false)]
    [InlineData(Id, "99999999999999999999", 0, false)]
    [InlineData(Id, "-1", 0, false)]
    [InlineData(Id, null, 0, false)]
    public void OnlyFreshAndUnchangedMessages_Verify(string? id, string? timestamp, int secondsLater, bool verifies)
    {
        Assert.True(StandardWebhook.TryReadSecret(Secret, out var key));
        var signature = "v1a,abc v1,AAAA " + StandardWebhook.Sign([new byte[32], key], Id, Time, Encoding.UTF8.GetBytes(Body));

        Assert.Equal(verifies, StandardWebhook.Verifies([key], id, timestamp, signature, Encoding.UTF8.GetBytes(Body), Time.AddSeconds(secondsLater)));
        Assert.False(StandardWebhook.Verifies([key], id, timestamp, signature, Encoding.UTF8.GetBytes(Body + " "), Time));
        Assert.False(StandardWebhook.Verifies([], id, timestamp, signature, Encoding.UTF8.GetBytes(Body), Time));
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64!")]
    [InlineData(null)]
    public void AnythingElse_IsNoSecret(string? text) => Assert.False(StandardWebhook.TryReadSecret(text, out _));
}
