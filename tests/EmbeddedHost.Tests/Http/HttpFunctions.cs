using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using FromBodyAttribute = ClickToDial.EmbeddedHost.Functions.Http.FromBodyAttribute;

namespace ClickToDial.EmbeddedHost.Tests.Http;

public sealed record Point(int X, int Y);

public sealed class HttpFunctions(ILoggerMarker marker)
{
    [Function("Text")]
    public IResult Text([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "text")] HttpRequest request) =>
        Results.Text(marker.Say(request.Method));

    [Function("Action")]
    public static Task<IActionResult> Action([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "action")] HttpRequest request) =>
        Task.FromResult<IActionResult>(new ObjectResult(new { path = request.Path.Value }) { StatusCode = 201 });

    [Function("Values")]
    public static IResult Values(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "values/{text}/{number:int}/{id:guid}")] HttpRequest request,
        string text, int number, Guid id, bool? flag, string? missing, FunctionContext context, int limit = 7) =>
        Results.Json(new { text, number, id, flag, missing, limit, trigger = context.FunctionDefinition.Name, query = request.Query.Count });

    [Function("Body")]
    public static IResult Body(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "body")] HttpRequest request, [FromBody] Point point) =>
        Results.Json(new { point.X, point.Y, request.ContentType });

    [Function("BodyAsTrigger")]
    public static IResult BodyAsTrigger([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "body"), FromBody] Point point) =>
        Results.Text($"{point.X},{point.Y}");

    [Function("Everything")]
    public static IResult Everything([HttpTrigger(AuthorizationLevel.Anonymous, Route = "files/{**path}")] HttpRequest request, string path) =>
        Results.Text($"{request.Method} {path}");

    [Function("Silent")]
    public static void Silent([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "silent")] HttpRequest request) =>
        request.HttpContext.Response.Headers["X-Seen"] = "yes";

    [Function("Broken")]
    public static IResult Broken([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "broken")] HttpRequest request) =>
        throw new InvalidOperationException("secret detail of " + request.Path);

    [Function("NoRoute")]
    public static async Task<IResult> NoRoute([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await Task.Yield();
        return Results.Text("static " + request.Method);
    }
}

/// <summary>Stands for a service of the app.</summary>
public interface ILoggerMarker
{
    string Say(string what);
}

public sealed class LoggerMarker : ILoggerMarker
{
    public string Say(string what) => "injected " + what;
}
