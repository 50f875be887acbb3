using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace ClickToDial.App.Hosting;

/// <summary>The one place where outcomes become HTTP answers.</summary>
public static class Api
{
    public static IResult Problem(Problem problem) => new ProblemResult(problem);

    public static IResult Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        Results.Json(value, type, statusCode: status);

    private sealed class ProblemResult(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.RequestServices.GetService<AppMetrics>()?.Refused(problem);
            var headers = httpContext.Response.Headers;
            httpContext.Response.StatusCode = problem.Status;
            headers.CacheControl = "no-store";
            if (problem.RetryAfterSeconds is { } seconds) headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            // RFC 9110 section 11.6.1: a 401 says how to authenticate.
            if (problem.Status == StatusCodes.Status401Unauthorized) headers.Append(HeaderNames.WWWAuthenticate, "Bearer");
            return httpContext.Response.WriteAsJsonAsync(
                ProblemBody.Of(problem), AppJson.Default.ProblemBody, "application/problem+json", httpContext.RequestAborted);
        }
    }
}
