using ClickToDial.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Http;
using FromBodyAttribute = ClickToDial.EmbeddedHost.Functions.Http.FromBodyAttribute;

namespace ClickToDial.EmbeddedHost.Tests.Indexing;

/// <summary>Functions that cannot work on one host or the other, each for one reason.</summary>
public static class RefusedFunctions
{
    [Function("NoTrigger")]
    public static void NoTrigger(FunctionContext context) => _ = context;

    [Function("TwoTriggers")]
    public static void TwoTriggers([QueueTrigger("one")] string one, [TimerTrigger("0 0 * * * *")] TimerInfo two) => _ = (one, two);

    [Function("bad name!")]
    public static void BadName([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => _ = request;

    [Function("TextResult")]
    public static string TextResult([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Path;

    [Function("QueueResult")]
    public static Task<int> QueueResult([QueueTrigger("one")] string one) => Task.FromResult(one.Length);

    [Function("AsyncVoid")]
    public static async void AsyncVoid([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
    {
        await Task.Yield();
        _ = request;
    }

    [Function("TakesContext")]
    public static void TakesContext([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, HttpContext context) => _ = (request, context);

    [Function("PlainBody")]
    public static void PlainBody([HttpTrigger(AuthorizationLevel.Anonymous)] string body) => _ = body;

    [Function("BodyOfQueue")]
    public static void BodyOfQueue([QueueTrigger("one")] string one, [FromBody] string body) => _ = (one, body);

    [Function("NotTimerInfo")]
    public static void NotTimerInfo([TimerTrigger("0 0 * * * *")] string timer) => _ = timer;

    [Function("Hidden")]
    internal static void Hidden([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => _ = request;
}

/// <summary>Routes that the real host refuses, or that would never match.</summary>
public static class RefusedRoutes
{
    [Function("Admin")]
    public static void Admin([HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/users")] HttpRequest request) => _ = request;

    [Function("RuntimeRoute")]
    public static void RuntimeRoute([HttpTrigger(AuthorizationLevel.Anonymous, Route = "Runtime")] HttpRequest request) => _ = request;

    [Function("Slash")]
    public static void Slash([HttpTrigger(AuthorizationLevel.Anonymous, Route = "/rooted")] HttpRequest request) => _ = request;

    [Function("Constraint")]
    public static void Constraint([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{id:unheard}")] HttpRequest request) => _ = request;

    [Function("Broken")]
    public static void Broken([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{id")] HttpRequest request) => _ = request;

    [Function("TwinA")]
    public static void TwinA([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "twin")] HttpRequest request) => _ = request;

    [Function("TwinB")]
    public static void TwinB([HttpTrigger(AuthorizationLevel.Anonymous, "POST", Route = "Twin")] HttpRequest request) => _ = request;
}

public static class OneFunction
{
    [Function("Same")]
    public static void Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => _ = request;
}

public static class OneMoreFunction
{
    [Function("SAME")]
    public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "other")] HttpRequest request) => _ = request;
}

/// <summary>Triggers whose settings are wrong or missing.</summary>
public static class UnsetFunctions
{
    [Function("Unset")]
    public static void Unset([QueueTrigger("%Nowhere%")] string body) => _ = body;

    [Function("BadQueue")]
    public static void BadQueue([QueueTrigger("Bad_Queue")] string body) => _ = body;

    [Function("Elsewhere")]
    public static void Elsewhere([QueueTrigger("one", Connection = "Elsewhere")] string body) => _ = body;

    [Function("Identity")]
    public static void Identity([QueueTrigger("one", Connection = "ByIdentity")] string body) => _ = body;

    [Function("BadConnection")]
    public static void BadConnection([QueueTrigger("one", Connection = "Garbage")] string body) => _ = body;

    [Function("BadSchedule")]
    public static void BadSchedule([TimerTrigger("61 * * * * *", UseMonitor = false)] TimerInfo timer) => _ = timer;

    [Function("HalfPercent")]
    public static void HalfPercent([TimerTrigger("%Half", UseMonitor = false)] TimerInfo timer) => _ = timer;
}

/// <summary>Functions that are there but do not run.</summary>
public static class DisabledFunctions
{
    [Function("Bus")]
    public static void Bus([ServiceBusTrigger("events", Connection = "ServiceBus", IsSessionsEnabled = true)] string body) => _ = body;

    [Function("Off")]
    public static IResult Off([HttpTrigger(AuthorizationLevel.Anonymous, Route = "off")] HttpRequest request) => Results.Text(request.Method);

    [Function("On")]
    public static IResult On([HttpTrigger(AuthorizationLevel.Function, Route = "on")] HttpRequest request) => Results.Text(request.Method);
}
