using System.Net;
using System.Net.Http.Headers;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Events;

namespace ClickToDial.App.Tests.Webhooks;

public sealed class IngestPbxEventTests(AppRig app)
{
    [Theory]
    [InlineData(AppRig.PbxToken, 202)]
    [InlineData(AppRig.PreviousPbxToken, 202)]
    [InlineData("pbx-token-for-tests-2", 401)]
    [InlineData("", 401)]
    [InlineData(null, 401)]
    public async Task Token_MustBeTheCurrentOrThePreviousOne(string? token, int status)
    {
        var domain = app.NewDomain();
        var id = await domain.PlaceAsync();

        var answer = await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted), token);

        if (status == 401) answer.IsProblem(HttpStatusCode.Unauthorized, "pbx-token-invalid");
        else Assert.Equal(HttpStatusCode.Accepted, answer.Status);
    }

    [Fact]
    public async Task BadPosts_AreRefusedUnread()
    {
        var domain = app.NewDomain();

        (await domain.TellAsync(Content(new byte[256 * 1024 + 1]))).IsProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        (await domain.TellAsync(Content([]))).IsProblem(HttpStatusCode.BadRequest, "invalid-json");
        (await domain.TellAsync(Content([1], "text/xml"))).IsProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    private static ByteArrayContent Content(byte[] bytes, string type = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }
}
