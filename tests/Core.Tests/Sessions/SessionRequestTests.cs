using System.Text;
using ClickToDial.Core.Sessions;

namespace ClickToDial.Core.Tests.Sessions;

public sealed class SessionRequestTests
{
    private static readonly SessionLimits Limits = new(10, 900, 300);

    [Fact]
    public void FullRequest_IsRead()
    {
        var request = Read("""
            {"user":"101","domain":"demo.local","destinations":["+4930*","echo"],"origin":"https://CRM.example.com","lifetimeSeconds":60,"calls":3,"unknown":{}}
            """).Value!;

        Assert.Equal(["+4930*", "echo"], request.Destinations);
        Assert.Equal(("101", "demo.local", "https://crm.example.com", 60, 3),
            (request.User, request.Domain, request.Origin, request.LifetimeSeconds, request.Calls));
    }

    [Theory]
    [InlineData("""{}""", "field-missing", "user")]
    [InlineData("""{"user":101}""", "field-wrong-type", "user")]
    [InlineData("""{"user":"101","domain":[]}""", "field-wrong-type", "domain")]
    [InlineData("""{"user":"101","destinations":"echo"}""", "field-wrong-type", "destinations")]
    [InlineData("""{"user":"101","destinations":[1]}""", "field-wrong-type", "destinations")]
    [InlineData("""{"user":"101","destinations":[]}""", "field-out-of-range", "destinations")]
    [InlineData("""{"user":"101","destinations":["a b"]}""", "field-invalid", "destinations")]
    [InlineData("""{"user":"101","destinations":["+0*"]}""", "field-invalid", "destinations")]
    [InlineData("""{"user":"101","origin":"crm.example.com"}""", "field-invalid", "origin")]
    [InlineData("""{"user":"101","origin":"https://crm.example.com/page"}""", "field-invalid", "origin")]
    [InlineData("""{"user":"101","lifetimeSeconds":9}""", "field-out-of-range", "lifetimeSeconds")]
    [InlineData("""{"user":"101","lifetimeSeconds":901}""", "field-out-of-range", "lifetimeSeconds")]
    [InlineData("""{"user":"101","calls":0}""", "field-out-of-range", "calls")]
    [InlineData("""{"user":"101","calls":101}""", "field-out-of-range", "calls")]
    [InlineData("""{"user":"101","calls":true}""", "field-wrong-type", "calls")]
    public void BadField_IsNamed(string body, string reason, string field)
    {
        var problem = Read(body).Problem;

        Assert.Equal((reason, field), (problem?.Reason, problem?.Field));
    }

    [Fact]
    public void TooManyDestinations_AreRefused() =>
        Assert.Equal("field-out-of-range", Read($$"""{"user":"1","destinations":[{{string.Join(',', Enumerable.Repeat("\"echo\"", 21))}}]}""").Problem?.Reason);

    private static ClickToDial.Core.Problems.Result<SessionRequest> Read(string body) => SessionRequest.Read(Encoding.UTF8.GetBytes(body), Limits);
}
