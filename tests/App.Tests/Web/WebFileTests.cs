using System.IO.Compression;
using System.Net;
using System.Text;
using ClickToDial.App.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Web;

/// <summary>What browsers are given of the front end (V7).</summary>
public sealed class WebFileTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("web-files-").FullName;
    private readonly GetWebFile _function;

    public WebFileTests()
    {
        System.IO.Directory.CreateDirectory(Path.Combine(_folder, "chunks"));
        Write("click-to-call.js", new string('x', 2000));
        Write("chunks/phone-1a2b.js", "y");
        Write("notes.txt", "not for anybody");
        _function = new GetWebFile(new WebFiles(_folder));
    }

    [Fact]
    public async Task Script_MayBeReadByPagesOfAnyOriginAndIsAskedForAgainSoon()
    {
        var answer = await GetAsync("click-to-call.js");

        Assert.Equal((200, "text/javascript; charset=utf-8"), (answer.StatusCode, answer.ContentType));
        Assert.Equal("*", answer.Headers.AccessControlAllowOrigin);
        Assert.Equal("nosniff", answer.Headers.XContentTypeOptions);
        Assert.Equal("public, max-age=300", answer.Headers.CacheControl);
        Assert.Equal(2000, Body(answer).Length);
    }

    [Fact]
    public async Task FileNamedByItsContent_MayBeKept() =>
        Assert.Contains("immutable", (await GetAsync("chunks/phone-1a2b.js")).Headers.CacheControl.ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task SameFileAgain_IsNotSentTwice()
    {
        var tag = (await GetAsync("click-to-call.js")).Headers.ETag;

        var again = await GetAsync("click-to-call.js", r => r.Headers.IfNoneMatch = tag);

        Assert.Equal((304, 0), (again.StatusCode, Body(again).Length));
    }

    [Theory]
    [InlineData("gzip, br", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("br", false)]
    [InlineData("", false)]
    public async Task File_IsCompressedForThoseWhoTakeIt(string accepted, bool compressed)
    {
        var answer = await GetAsync("click-to-call.js", r => r.Headers.AcceptEncoding = accepted);

        Assert.Equal(compressed ? "gzip" : "", answer.Headers.ContentEncoding.ToString());
        Stream sent = new MemoryStream(Body(answer));
        if (compressed) sent = new GZipStream(sent, CompressionMode.Decompress);
        Assert.Equal(new string('x', 2000), await new StreamReader(sent).ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("../web-files/click-to-call.js")]
    [InlineData("Click-To-Call.js")]
    [InlineData("chunks")]
    [InlineData("")]
    public async Task WhatIsNoFileForBrowsers_IsNotThere(string path)
    {
        var answer = await GetAsync(path);

        Assert.Equal((int)HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("file-not-found", Encoding.UTF8.GetString(Body(answer)), StringComparison.Ordinal);
    }

    [Fact]
    public void FrontEndThatWasNotBuilt_IsNoFault() =>
        Assert.Null(new WebFiles(Path.Combine(_folder, "missing")).Find("click-to-call.js"));

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    private async Task<HttpResponse> GetAsync(string path, Action<HttpRequest>? with = null)
    {
        var http = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        http.Response.Body = new MemoryStream();
        with?.Invoke(http.Request);
        await _function.Run(http.Request, path).ExecuteAsync(http);
        return http.Response;
    }

    private static byte[] Body(HttpResponse answer) => ((MemoryStream)answer.Body).ToArray();

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
