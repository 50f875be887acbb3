using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.EmbeddedHost.Tests.Http;

/// <summary>The real host tries routes in the order of the functions' names, not the most specific first.</summary>
public sealed class RouteOrderTests
{
    public static class ParameterFirst
    {
        [Function("ItemById")]
        public static IResult ById([HttpTrigger(AuthorizationLevel.Anonymous, Route = "items/{id}")] HttpRequest request, string id) =>
            Results.Text($"{request.Method} id {id}");

        [Function("ItemsRecent")]
        public static IResult Recent([HttpTrigger(AuthorizationLevel.Anonymous, Route = "items/recent")] HttpRequest request) =>
            Results.Text($"{request.Method} recent");
    }

    public static class ConstrainedFirst
    {
        [Function("ItemById")]
        public static IResult ById([HttpTrigger(AuthorizationLevel.Anonymous, Route = "items/{id:int}")] HttpRequest request, string id) =>
            Results.Text($"{request.Method} id {id}");

        [Function("ItemsRecent")]
        public static IResult Recent([HttpTrigger(AuthorizationLevel.Anonymous, Route = "items/recent")] HttpRequest request) =>
            Results.Text($"{request.Method} recent");
    }

    public static class ByMethod
    {
        [Function("ListItems")]
        public static IResult List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items")] HttpRequest request) =>
            Results.Text("list " + request.Method);

        [Function("CreateItem")]
        public static IResult Create([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "items")] HttpRequest request) =>
            Results.Text("create " + request.Method);
    }

    [Theory]
    [InlineData(typeof(ParameterFirst), "/items/recent", "GET id recent")]
    [InlineData(typeof(ConstrainedFirst), "/items/recent", "GET recent")]
    [InlineData(typeof(ConstrainedFirst), "/items/7", "GET id 7")]
    [InlineData(typeof(ByMethod), "/items", "list GET")]
    public async Task FirstFunctionByName_TakesTheRequest(Type functions, string path, string expected)
    {
        await using var rig = await HostRig.StartAsync(new HostRigOptions(functions));
        Assert.Equal(expected, await rig.Client.GetStringAsync(path));
    }

    [Fact]
    public async Task SameRouteWithOtherMethod_IsAnotherFunctions()
    {
        await using var rig = await HostRig.StartAsync(new HostRigOptions(typeof(ByMethod)));
        using var response = await rig.Client.PostAsync("/items", content: null);
        Assert.Equal("create POST", await response.Content.ReadAsStringAsync());
    }
}
