using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.PbxApi;

/// <summary>Outcomes as this API's clients expect them.</summary>
public static class PbxAnswers
{
    public static IResult Rows<T>(IReadOnlyList<T> rows, TimeZoneInfo zone, JsonTypeInfo<PbxRowsReply<T>> type) => Results.Json(
        new PbxRowsReply<T>("success", $"{rows.Count} calls. Dates are inclusive, in time zone {zone.Id}; offset and limit reach {Core.Calls.CallQuery.MaxReach} calls.", 200, rows), type);

    public static IResult Failure(HttpRequest request, Problem problem)
    {
        request.HttpContext.RequestServices.GetService<AppMetrics>()?.Refused(problem);
        if (problem.RetryAfterSeconds is { } seconds)
            request.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.Json(
            new PbxErrorReply("error", problem.Title, problem.Status, problem.Reason, problem.Field, []), PbxJson.Default.PbxErrorReply,
            statusCode: problem.Status);
    }
}
