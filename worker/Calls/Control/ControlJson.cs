using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClickToDial.Calls.Control;

/// <summary>How bodies of the control API are read and answers written.</summary>
internal static class ControlJson
{
    public static bool TryId(HttpContext http, out CallId id) => CallId.TryParse(http.Request.RouteValues["callId"] as string, out id);

    public static Task AnswerAsync<T>(HttpContext http, int status, T value, JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }

    public static Task RefuseAsync(HttpContext http, WorkerProblem problem)
    {
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(http.Response.Body, problem, ContractsJson.Default.WorkerProblem, http.RequestAborted);
    }

    /// <summary>Reads a body within its limit.</summary>
    /// <param name="check">What is wrong with it, naming the member; null when nothing is.</param>
    /// <param name="empty">What a request without a body means; null where it needs one.</param>
    public static async Task<(T? Command, WorkerProblem? Problem)> ReadAsync<T>(
        HttpContext http, JsonTypeInfo<T> type, Func<T, string?> check, T? empty = null) where T : class
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = ControlEndpoints.MaxBody;
        if (empty is not null && http.Request.ContentLength == 0) return (empty, null);
        if (empty is not null && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return (empty, null);
        try
        {
            var command = await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted);
            if (command is null) return (null, Problems.Invalid("The body is null."));
            return check(command) is { } wrong ? (null, Problems.Invalid(wrong)) : (command, null);
        }
        catch (JsonException e)
        {
            return (null, Problems.Invalid($"The body is not a command: see {e.Path ?? "$"}."));
        }
        catch (BadHttpRequestException e)
        {
            return (null, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problems.TooLarge : Problems.Invalid("The body could not be read."));
        }
    }
}
