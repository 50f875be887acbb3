using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClickToDial.EmbeddedHost.Functions.Builder;
using ClickToDial.EmbeddedHost.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.EmbeddedHost.Tests.Http;

/// <summary>The binding table of README, over a real socket.</summary>
public sealed class HttpFunctionsTests : IAsyncLifetime
{
    private HostRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await HostRig.StartAsync(new HostRigOptions(typeof(HttpFunctions))
    {
        Configure = builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddScoped<ILoggerMarker, LoggerMarker>();
        },
    });

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task ResultOfInjectedService_IsWritten() =>
        Assert.Equal("injected GET", await _rig.Client.GetStringAsync("/text"));

    [Fact]
    public async Task ActionResult_IsExecutedAsMvcWould()
    {
        using var response = await _rig.Client.PostAsync("/action", content: null);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/action", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task RouteAndQueryValues_FillParametersByNameInAnyCase()
    {
        var id = Guid.NewGuid();
        var json = await _rig.Client.GetFromJsonAsync<JsonElement>($"/values/a%20b/5/{id}?FLAG=true&Text=loses&code=key");
        Assert.Equal("a b", json.GetProperty("text").GetString());
        Assert.Equal(5, json.GetProperty("number").GetInt32());
        Assert.Equal(id, json.GetProperty("id").GetGuid());
        Assert.True(json.GetProperty("flag").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("missing").ValueKind);
        Assert.Equal(7, json.GetProperty("limit").GetInt32());
        Assert.Equal("Values", json.GetProperty("trigger").GetString());
    }

    [Theory]
    [InlineData("/values/a/x/4f6c3c9e-7c7e-4d0c-b7f7-4a7c5c5a1b1e")]
    [InlineData("/values/a/5/no-guid")]
    [InlineData("/nothing")]
    public async Task PathThatNoRouteOrConstraintTakes_Is404WithEmptyBody(string path)
    {
        using var response = await _rig.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task KnownPathWithOtherMethod_Is404AsOnTheRealHost()
    {
        using var response = await _rig.Client.DeleteAsync("/text");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.False(response.Content.Headers.Contains("Allow"));
    }

    [Fact]
    public async Task ValueThatDoesNotFitItsParameter_Is500()
    {
        using var response = await _rig.Client.GetAsync($"/values/a/5/{Guid.NewGuid()}?flag=maybe");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task JsonBody_IsBoundAsMvcReadsIt()
    {
        using var response = await _rig.Client.PostAsJsonAsync("/body", new { x = 1, y = 2, other = true });
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(1, json.GetProperty("x").GetInt32());
        Assert.Equal(2, json.GetProperty("y").GetInt32());
    }

    [Fact]
    public async Task JsonBodyOnTheTriggerParameter_IsBound()
    {
        using var response = await _rig.Client.PutAsJsonAsync("/body", new Point(3, 4));
        Assert.Equal("3,4", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{\"x\":", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("{\"x\":1,\"y\":2}", "text/plain")]
    public async Task BodyThatDoesNotFit_Is500WithEmptyBody(string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await _rig.Client.PostAsync("/body", content);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("GET")]
    public async Task CatchAllWithoutMethods_TakesEveryMethodAndTheRestOfThePath(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/files/a/b.txt");
        using var response = await _rig.Client.SendAsync(request);
        Assert.Equal(method + " a/b.txt", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task FunctionWithoutResult_LeavesTheResponseItMade()
    {
        using var response = await _rig.Client.GetAsync("/silent");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("yes", response.Headers.GetValues("X-Seen").Single());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task UnhandledException_Is500WithEmptyBodyAndLogged()
    {
        using var response = await _rig.Client.GetAsync("/broken");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        var line = await _rig.Logs.WaitAsync(l => l.Id == 1503, "failure in the log");
        Assert.IsType<InvalidOperationException>(line.Error);
    }

    [Fact]
    public async Task FunctionWithoutRoute_IsReachedByItsName() =>
        Assert.Equal("static GET", await _rig.Client.GetStringAsync("/noroute"));

    [Fact]
    public async Task HostStatus_IsAnsweredByTheHostItself()
    {
        var json = await _rig.Client.GetFromJsonAsync<JsonElement>("/admin/host/status");
        Assert.Equal("Running", json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task QueryString_NeverReachesTheLog()
    {
        await _rig.Client.GetStringAsync("/text?credential=hush");
        await _rig.Logs.WaitAsync(l => l.Id == 1502, "end of the call");
        Assert.DoesNotContain(_rig.Logs.Snapshot(), l => l.Text.Contains("hush", StringComparison.Ordinal));
    }
}
