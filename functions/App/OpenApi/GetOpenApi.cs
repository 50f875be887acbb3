using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.OpenApi;

/// <summary><c>GET /openapi.json</c>: this API, for programs.</summary>
public sealed class GetOpenApi
{
    [Function(nameof(GetOpenApi))]
    [Operation(
        "This description.",
        Details = "OpenAPI 3.1, made from the functions themselves.",
        Caller = CallerKind.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request) =>
        Results.Text(OpenApiDocument.Json, "application/json");
}
