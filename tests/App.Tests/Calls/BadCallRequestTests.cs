using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Calls;

/// <summary>Every way a request to start a call can be bad, each with its own answer, and none of them reaches the worker.</summary>
public sealed class BadCallRequestTests(AppRig app)
{
    public static TheoryData<string, int, string, string?> Bodies => new()
    {
        { "", 400, "invalid-json", null },
        { "{", 400, "invalid-json", null },
        { "[]", 400, "invalid-json", null },
        { "null", 400, "invalid-json", null },
        { """{"user":"101","user":"102","destination":"echo"}""", 400, "invalid-json", null },
        { """{"destination":"echo"}""", 400, "field-missing", "user" },
        { """{"user":"101"}""", 400, "field-missing", "destination" },
        { """{"user":101,"destination":"echo"}""", 400, "field-wrong-type", "user" },
        { """{"user":"101","destination":"echo","prompt":1}""", 400, "field-wrong-type", "prompt" },
        { """{"user":"101","destination":"echo","ringTimeoutSeconds":1000}""", 400, "field-out-of-range", "ringTimeoutSeconds" },
        { """{"user":"101","destination":"echo","callerId":"a b"}""", 400, "field-invalid", "callerId" },
        { $$"""{"user":"{{new string('1', 65)}}","destination":"echo"}""", 400, "field-too-long", "user" },
        { """{"user":"101","destination":"030123456"}""", 400, "destination-invalid", "destination" },
        { """{"user":"101","destination":"+123"}""", 400, "destination-invalid", "destination" },
        { """{"user":"101","destination":"nobody"}""", 400, "destination-invalid", "destination" },
        { """{"user":"101","destination":"echo\r\nX: y"}""", 400, "field-invalid", "destination" },
        { """{"user":"999","destination":"echo"}""", 404, "user-unknown", "user" },
        { """{"user":"101","destination":"+19005550100"}""", 403, "destination-denied", null },
        { """{"user":"101","destination":"echo","domain":"other.test"}""", 403, "domain-not-allowed", null },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task BadBody_IsRefusedForItsOwnReason(string body, int status, string reason, string? field)
    {
        var domain = app.NewDomain();

        (await domain.PostCallAsync(body)).IsProblem((HttpStatusCode)status, reason, field);

        Assert.Equal(0, domain.CommandsAtWorker);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task OtherMediaTypes_AreRefused(string? type)
    {
        var content = new ByteArrayContent("""{"user":"101","destination":"echo"}"""u8.ToArray());
        if (type is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        (await app.NewDomain().PostCallAsync(content)).IsProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodyOver64K_IsRefusedWithAndWithoutItsLengthSaid(bool lengthSaid)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"user":"101","destination":"echo","pad":"{{new string('x', 64 * 1024)}}"}""");
        HttpContent content = lengthSaid ? new ByteArrayContent(bytes) : new StreamContent(new UnknownLengthStream(bytes));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        (await app.NewDomain().PostCallAsync(content)).IsProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task BodyOfExactly64K_IsTaken()
    {
        const string Frame = """{"user":"101","destination":"echo","pad":""}""";
        var body = Frame.Insert(Frame.Length - 2, new string('x', 64 * 1024 - Frame.Length));

        Assert.Equal(HttpStatusCode.Accepted, (await app.NewDomain().PostCallAsync(body)).Status);
    }

    [Fact]
    public async Task MissingAndBadIdempotencyKeys_AreRefused()
    {
        var domain = app.NewDomain();

        (await domain.SendAsync(HttpMethod.Post, "/api/calls", TestDomain.Call())).IsProblem(HttpStatusCode.BadRequest, "idempotency-key-missing");
        (await domain.PostCallAsync(key: new string('k', 129))).IsProblem(HttpStatusCode.BadRequest, "idempotency-key-invalid");
        (await domain.PostCallAsync(key: "two words")).IsProblem(HttpStatusCode.BadRequest, "idempotency-key-invalid");
        Assert.Equal(0, domain.CommandsAtWorker);
    }

    [Fact]
    public async Task OtherMethods_FindNothing() =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.NewDomain().SendAsync(HttpMethod.Patch, "/api/calls", "{}")).Status);

    private sealed class UnknownLengthStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
