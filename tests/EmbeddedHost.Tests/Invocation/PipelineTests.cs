using System.Net;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Functions.Hosting;
using ClickToDial.EmbeddedHost.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClickToDial.EmbeddedHost.Tests.Invocation;

public sealed class PipelineTests
{
    private readonly Steps _steps = new();

    [Fact]
    public async Task Middleware_RunsInOrderOfRegistration_AndResultsAreWrittenWhereTheWebApplicationWasConfigured()
    {
        await using var rig = await StartAsync(builder =>
        {
            builder.UseMiddleware<First>();
            builder.ConfigureFunctionsWebApplication();
            builder.UseMiddleware(async (context, next) =>
            {
                _steps.Log.Append($"second before {ClickToDial.EmbeddedHost.Functions.FunctionContextExtensions.GetHttpContext(context) is not null}");
                await next();
                _steps.Log.Append("second after");
            });
            builder.UseWhen<First>(context => context.FunctionDefinition.Name == "Waits");
        });
        await rig.Client.GetStringAsync("/ordered");
        await _steps.Log.WaitAsync(s => s == "scope disposed", "end of the scope");
        Assert.Equal(
            [
                "first before Ordered False", "second before True", "function /ordered", "instance disposed", "second after",
                "result", "first after", "scope disposed",
            ],
            _steps.Log.Snapshot());
    }

    [Fact]
    public async Task EveryInvocation_HasItsOwnIdAndScope()
    {
        await using var rig = await StartAsync();
        var one = (await rig.Client.GetStringAsync("/ordered")).Split(' ');
        var two = (await rig.Client.GetStringAsync("/ordered")).Split(' ');
        Assert.NotEqual(one[0], two[0]);
        Assert.True(Guid.TryParse(one[0], out _));
        Assert.Equal("True", one[1]);
        Assert.Equal("True", two[1]);
    }

    [Fact]
    public async Task MiddlewareThatCatches_AnswersThroughTheHttpContext()
    {
        await using var rig = await StartAsync(builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.UseMiddleware<Catching>();
        });
        using var response = await rig.Client.GetAsync("/thrower");
        Assert.Equal((HttpStatusCode)418, response.StatusCode);
        Assert.Equal("caught", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ClientThatGoesAway_CancelsTheInvocation()
    {
        await using var rig = await StartAsync();
        using var abort = new CancellationTokenSource();
        var request = rig.Client.GetAsync("/waits", abort.Token);
        await _steps.Log.WaitAsync(s => s == "waiting True", "function");
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await rig.Logs.WaitAsync(l => l.Id == 1504, "cancelled in the log");
    }

    [Fact]
    public async Task Stop_LetsRunningRequestsFinish()
    {
        var rig = await StartAsync();
        var request = rig.Client.GetStringAsync("/waits");
        await _steps.Log.WaitAsync(s => s == "waiting True", "function");
        var stopping = rig.StopAsync();
        Assert.False(stopping.IsCompleted);
        _steps.Gate.SetResult();
        Assert.Equal("done", await request);
        await stopping;
        await rig.DisposeAsync();
    }

    [Fact]
    public async Task StopWhoseTimeIsOver_CancelsRunningRequests()
    {
        var rig = await StartAsync(builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(300));
        });
        var request = rig.Client.GetAsync("/waits");
        await _steps.Log.WaitAsync(s => s == "waiting True", "function");
        await rig.StopAsync();
        await rig.Logs.WaitAsync(l => l.Id == 1504, "cancelled in the log");
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
        await rig.DisposeAsync();
    }

    [Fact]
    public async Task FailureInTheMiddleOfAResponse_BreaksTheConnectionOff()
    {
        await using var rig = await StartAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => rig.Client.GetStringAsync("/half"));
    }

    [Fact]
    public async Task BodyCap_IsKestrels()
    {
        await using var rig = await HostRig.StartAsync(new HostRigOptions(typeof(Http.HttpFunctions))
        {
            Configure = builder =>
            {
                builder.ConfigureFunctionsWebApplication();
                builder.Services.AddSingleton<Http.ILoggerMarker, Http.LoggerMarker>();
                builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 100);
            },
        });
        using var content = new StringContent("{\"x\":1,\"y\":2,\"pad\":\"" + new string('x', 200) + "\"}", System.Text.Encoding.UTF8, "application/json");
        using var response = await rig.Client.PostAsync("/body", content);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    private Task<HostRig> StartAsync(Action<FunctionsApplicationBuilder>? configure = null) =>
        HostRig.StartAsync(new HostRigOptions(typeof(PipelineFunctions))
        {
            Configure = builder =>
            {
                builder.Services.AddSingleton(_steps);
                builder.Services.AddScoped<Scoped>();
                if (configure is null) builder.ConfigureFunctionsWebApplication();
                else configure(builder);
            },
        });
}
