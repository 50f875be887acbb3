using System.Text.Json;
using System.Threading.Channels;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Directory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Directory;

public sealed class DirectoryClientTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private readonly Channel<int> _answered = Channel.CreateUnbounded<int>();
    private Func<HttpRequest, IResult> _answer = _ => Results.StatusCode(503);
    private WebApplication _functions = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _functions = builder.Build();
        _functions.MapGet("/internal/directory", (HttpRequest request) => new Counted(_answer(request), _answered.Writer));
        await _functions.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _functions.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Directory_is_unknown_until_the_functions_answer()
    {
        await using var client = Start();
        Assert.Equal(503, await NextStatusAsync());
        Assert.Null(client.Current);

        _answer = _ => Snapshot("demo.local");
        await client.Known.WaitAsync(Patience.Limit);
        Assert.True(client.Current!.HasDomain("demo.local"));
    }

    [Fact]
    public async Task Last_good_directory_stays_while_the_functions_fail_or_talk_nonsense()
    {
        _answer = _ => Snapshot("demo.local");
        await using var client = Start();
        await client.Known.WaitAsync(Patience.Limit);

        _answer = _ => Results.StatusCode(500);
        while (await NextStatusAsync() != 500) { }
        _answer = _ => Results.Text("{\"domains\":[{}]}", "application/json", statusCode: 200);
        await NextStatusAsync();
        await NextStatusAsync();
        Assert.True(client.Current!.HasDomain("demo.local"));

        _answer = _ => Snapshot("new.local");
        while (!client.Current!.HasDomain("new.local")) await NextStatusAsync();
    }

    [Fact]
    public async Task Known_tag_is_sent_back_and_the_token_too()
    {
        _answer = request => request.Headers.Authorization != "Bearer worker-token" ? Results.Unauthorized()
            : request.Headers.IfNoneMatch == "\"v1\"" ? Results.StatusCode(304)
            : Snapshot("demo.local");
        await using var client = Start();
        await client.Known.WaitAsync(Patience.Limit);
        while (await NextStatusAsync() != 304) { }
        Assert.True(client.Current!.HasDomain("demo.local"));
    }

    private static Tagged Snapshot(string domain) => new Tagged(JsonSerializer.Serialize(
        new DirectorySnapshot([new DomainEntry(domain, [])], []), ContractsJson.Default.DirectorySnapshot));

    private DirectoryClient Start()
    {
        var client = new DirectoryClient(
            _http,
            new DirectoryOptions(new Uri(_functions.Urls.First() + "/"), "worker-token")
            {
                Interval = TimeSpan.FromMilliseconds(5),
                FirstRetry = TimeSpan.FromMilliseconds(5),
                LongestRetry = TimeSpan.FromMilliseconds(20),
            },
            TimeProvider.System,
            new Random(1),
            NullLogger<DirectoryClient>.Instance);
        client.Start();
        return client;
    }

    private async Task<int> NextStatusAsync() => await _answered.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    private sealed class Tagged(string json) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ETag = "\"v1\"";
            httpContext.Response.ContentType = "application/json";
            return httpContext.Response.WriteAsync(json);
        }
    }

    // Says which status was sent once the client has it.
    private sealed class Counted(IResult inner, ChannelWriter<int> answered) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await inner.ExecuteAsync(httpContext);
            await answered.WriteAsync(httpContext.Response.StatusCode);
        }
    }
}
