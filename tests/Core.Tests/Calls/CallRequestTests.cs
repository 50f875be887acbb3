using System.Text;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Tests.Calls;

public sealed class CallRequestTests
{
    [Fact]
    public void Defaults_AreFilledIn() =>
        Assert.Equal(new CallRequest("101", "+12025550100", null, false, 30, null), Read("""{"user":"101","destination":"+12025550100","x":1}""").Value);

    [Theory]
    [InlineData("""{"destination":"echo"}""", "field-missing", "user")]
    [InlineData("""{"user":"101"}""", "field-missing", "destination")]
    [InlineData("""{"user":"101","destination":7}""", "field-wrong-type", "destination")]
    [InlineData("""{"user":"101","destination":"12 34"}""", "destination-invalid", "destination")]
    [InlineData("""{"user":"101","destination":"+0123456789"}""", "destination-invalid", "destination")]
    [InlineData("""{"user":"101","destination":"+123456"}""", "destination-invalid", "destination")]
    [InlineData("""{"user":"101","destination":"+1234567890123456"}""", "destination-invalid", "destination")]
    [InlineData("""{"user":"101","destination":"+49 30 1234"}""", "destination-invalid", "destination")]
    [InlineData("""{"user":"101","destination":"sip:echo@evil.example"}""", "destination-invalid", "destination")]
    [InlineData("""{"user":"101","destination":"echo\r\nVia: x"}""", "field-invalid", "destination")]
    [InlineData("""{"user":"101","destination":"echo","prompt":"yes"}""", "field-wrong-type", "prompt")]
    [InlineData("""{"user":"101","destination":"echo","ringTimeoutSeconds":4}""", "field-out-of-range", "ringTimeoutSeconds")]
    [InlineData("""{"user":"101","destination":"echo","ringTimeoutSeconds":181}""", "field-out-of-range", "ringTimeoutSeconds")]
    [InlineData("""{"user":"101","destination":"echo","ringTimeoutSeconds":"30"}""", "field-wrong-type", "ringTimeoutSeconds")]
    [InlineData("""{"user":"101","destination":"echo","callerId":"<sip:x>"}""", "field-invalid", "callerId")]
    [InlineData("""{"user":"101","destination":"echo","domain":5}""", "field-wrong-type", "domain")]
    public void BadField_IsNamed(string body, string reason, string field)
    {
        var problem = Read(body).Problem;

        Assert.Equal((reason, field), (problem?.Reason, problem?.Field));
    }

    [Fact]
    public void OverLongFields_AreRefused() => Assert.All(["user", "destination", "callerId", "domain"], field =>
    {
        var values = new Dictionary<string, string> { ["user"] = "101", ["destination"] = "echo", [field] = new('1', 254) };
        var problem = Read(System.Text.Json.JsonSerializer.Serialize(values)).Problem;
        Assert.Equal(("field-too-long", field), (problem?.Reason, problem?.Field));
    });

    [Fact]
    public void AutoAnswer_IsAnotherCall_AndWithoutItTheMarkIsAsEver()
    {
        var (plain, auto) = (Read("""{"user":"101","destination":"echo"}""").Value!, Read("""{"user":"101","destination":"echo","autoAnswer":true}""").Value!);
        Assert.Equal((false, true), (plain.AutoAnswer, auto.AutoAnswer));
        Assert.NotEqual(plain.Fingerprint(), auto.Fingerprint());
        Assert.Equal(plain.Fingerprint(), Read("""{"user":"101","destination":"echo","autoAnswer":false}""").Value!.Fingerprint());
        Assert.Equal("field-wrong-type", Read("""{"user":"101","destination":"echo","autoAnswer":"yes"}""").Problem?.Reason);
    }

    [Fact]
    public void TokenUser_StandsInForAMissingUser() =>
        Assert.Equal("101", CallRequest.Read("""{"destination":"echo"}"""u8.ToArray(), "101").Value?.User);

    [Fact]
    public void Fingerprint_IgnoresHowTheJsonIsWritten()
    {
        var first = Read("""{"user":"101","destination":"echo","prompt":false}""").Value!;
        var second = Read("""{ "destination" : "ec\u0068o", "user":"101", "ringTimeoutSeconds": 30, "more": [] }""").Value!;

        Assert.Equal(first.Fingerprint(), second.Fingerprint());
    }

    [Theory]
    [InlineData("""{"user":"102","destination":"echo"}""")]
    [InlineData("""{"user":"101","destination":"busy"}""")]
    [InlineData("""{"user":"101","destination":"echo","callerId":"5"}""")]
    [InlineData("""{"user":"101","destination":"echo","prompt":true}""")]
    [InlineData("""{"user":"101","destination":"echo","ringTimeoutSeconds":31}""")]
    [InlineData("""{"user":"101","destination":"echo","domain":"demo.local"}""")]
    public void Fingerprint_DiffersWithAnyField(string body) =>
        Assert.NotEqual(Read("""{"user":"101","destination":"echo"}""").Value!.Fingerprint(), Read(body).Value!.Fingerprint());

    [Theory]
    [InlineData(null, "idempotency-key-missing")]
    [InlineData("", "idempotency-key-missing")]
    [InlineData("two words", "idempotency-key-invalid")]
    [InlineData("tab\t", "idempotency-key-invalid")]
    [InlineData("é", "idempotency-key-invalid")]
    [InlineData("a", null)]
    public void IdempotencyKey_IsVisibleAscii(string? header, string? reason) => Assert.Equal(reason, IdempotencyKey.Read(header).Problem?.Reason);

    [Fact]
    public void IdempotencyKey_OfAnotherPrincipal_IsAnotherMark()
    {
        var key = new IdempotencyKey("k");
        var marks = new[] { ("key:a", "d"), ("key:b", "d"), ("key:a", "e") }
            .Select(p => key.MarkFor(new Principal(p.Item1, p.Item2, ApiScopes.None, null)));

        Assert.Equal(3, marks.Distinct().Count());
    }

    private static Result<CallRequest> Read(string body) => CallRequest.Read(Encoding.UTF8.GetBytes(body), tokenUser: null);
}
