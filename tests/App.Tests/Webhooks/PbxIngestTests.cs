using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Webhooks;

public sealed class PbxIngestTests(AppRig app)
{
    [Theory]
    [InlineData("/acme", AppRig.AcmeToken, null, 202)]
    [InlineData("/acme", AppRig.AcmePreviousToken, null, 202)]
    [InlineData("/acme/user-outbound-call", AppRig.AcmeToken, null, 202)]
    [InlineData("/acme", AppRig.PbxToken, null, 401)]
    [InlineData("/nobody", AppRig.PbxToken, null, 401)]
    [InlineData("/nobody", AppRig.AcmeToken, null, 401)]
    [InlineData("", AppRig.AcmeToken, null, 401)]
    [InlineData("/acme", AppRig.AcmeToken, "2001:db8:1::9", 202)]
    [InlineData("/acme", AppRig.AcmeToken, "[2001:db8:1::9]:443", 202)]
    [InlineData("/acme", AppRig.AcmeToken, "127.0.0.9, 192.0.2.7", 202)]
    [InlineData("/acme", AppRig.AcmeToken, "127.0.0.9, 198.51.100.7", 401)]
    [InlineData("/acme", AppRig.AcmeToken, "198.51.100.7", 401)]
    [InlineData("/acme", AppRig.AcmeToken, "nonsense", 401)]
    public async Task Source_IsKnownByNameTokenAndAddress(string path, string token, string? forwardedFor, int status)
    {
        var domain = app.NewDomain();

        var answer = await domain.PostPbxAsync(
            new { type = "user_outbound", unique_call_id = "s1", user_number = "101" }, path, token,
            r => { if (forwardedFor is not null) r.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor); });

        Assert.Equal(status, (int)answer.Status);
        if (status == 401) answer.IsProblem(HttpStatusCode.Unauthorized, forwardedFor is null ? "pbx-token-invalid" : "address-not-allowed");
    }

    [Fact]
    public async Task SignedSource_NeedsAFreshSignatureOverTheExactBytesBesidesTheToken()
    {
        var domain = app.NewDomain();
        const string Body = """{"type":"user_outbound","unique_call_id":"s2","user_number":"101"}""";
        Assert.True(StandardWebhook.TryReadSecret(AppRig.SigningSecret, out var key));
        Task<Answer> Post(string body, DateTimeOffset time, string token = AppRig.AcmeToken) => domain.PostPbxAsync(body, "/signed", token, r =>
        {
            r.Headers.Add("webhook-id", "m1");
            r.Headers.Add("webhook-timestamp", time.ToUnixTimeSeconds().ToString());
            r.Headers.Add("webhook-signature", "v1,AAAA " + StandardWebhook.Sign([key], "m1", time, Encoding.UTF8.GetBytes(Body)));
        });
        var now = app.Clock.GetUtcNow();

        Assert.Equal(HttpStatusCode.Accepted, (await Post(Body, now)).Status);
        (await Post(Body + " ", now)).IsProblem(HttpStatusCode.Unauthorized, "signature-invalid");
        (await Post(Body, now.AddMinutes(-6))).IsProblem(HttpStatusCode.Unauthorized, "signature-invalid");
        (await Post(Body, now, "wrong-token-wrong-token")).IsProblem(HttpStatusCode.Unauthorized, "pbx-token-invalid");
        (await domain.PostPbxAsync(Body, "/signed", AppRig.AcmeToken)).IsProblem(HttpStatusCode.Unauthorized, "signature-invalid");
        // It has to sign, and nothing to sign with.
        (await domain.PostPbxAsync(Body, "/sworn", AppRig.AcmeToken)).IsProblem(HttpStatusCode.Unauthorized, "signature-invalid");
    }

    [Fact]
    public async Task Batch_CompressedOrNot_IsTakenWholeOrRefusedWhole()
    {
        var domain = app.NewDomain();
        var events = Enumerable.Range(1, 100).Select(i => new { type = "webhook_component_event", domain = domain.Name, unique_call_id = $"b{i}", call_start_at = app.Clock.GetUtcNow() }).ToArray();

        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostPbxAsync(events.Take(50).ToArray())).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostPbxAsync(Gzip(JsonSerializer.SerializeToUtf8Bytes(events.Skip(50))))).Status);
        (await domain.PostPbxAsync(events.Append(events[0]).ToArray())).IsProblem(HttpStatusCode.RequestEntityTooLarge, "batch-too-large");

        await app.UntilAsync(async () => (await ItemsAsync(domain)) == 100 ? "all" : null, "all events are in");
    }

    [Fact]
    public async Task Bodies_AreHeldToSizeNestingFormAndEncoding()
    {
        var domain = app.NewDomain();
        async Task<Answer> Post(HttpContent content) => await domain.PostPbxAsync(content);

        (await Post(Gzip(new byte[300 * 1024]))).IsProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        (await Post(Gzip(new byte[64 * 1024 * 1024]))).IsProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        (await Post(Json(new byte[300 * 1024]))).IsProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        (await Post(Json("[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]"u8.ToArray()))).IsProblem(HttpStatusCode.BadRequest, "invalid-json");
        (await Post(Json("""{"type":"x"} {"type":"y"}"""u8.ToArray()))).IsProblem(HttpStatusCode.BadRequest, "invalid-json");
        (await Post(Json("[1]"u8.ToArray()))).IsProblem(HttpStatusCode.BadRequest, "invalid-json");
        (await Post(Json("[]"u8.ToArray()))).IsProblem(HttpStatusCode.BadRequest, "invalid-json");
        var torn = Json([1, 2, 3]);
        torn.Headers.ContentEncoding.Add("gzip");
        (await Post(torn)).IsProblem(HttpStatusCode.BadRequest, "body-unreadable");
        var other = Json("{}"u8.ToArray());
        other.Headers.ContentEncoding.Add("br");
        (await Post(other)).IsProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-content-encoding");
    }

    private async Task<int> ItemsAsync(TestDomain domain)
    {
        var table = app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.PbxItems);
        return await table.QueryAsync<Azure.Data.Tables.TableEntity>($"PartitionKey eq '{domain.Name}' and RowKey ge 'w|' and RowKey lt 'w}}'").CountAsync();
    }

    private static ByteArrayContent Json(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static ByteArrayContent Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        var content = Json(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
