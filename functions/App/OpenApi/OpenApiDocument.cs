using System.Text.Json.Nodes;
using ClickToDial.App.Hosting;
using ClickToDial.App.PbxApi;
using ClickToDial.Core.Access;

namespace ClickToDial.App.OpenApi;

/// <summary>The description of the API in OpenAPI 3.1, made from the functions themselves.</summary>
public static class OpenApiDocument
{
    private const string ProblemType = "application/problem+json";

    private static readonly Lazy<string> Text = new(() => Build(ApiOperation.All(typeof(OpenApiDocument).Assembly)).ToJsonString());

    public static string Json => Text.Value;

    public static JsonObject Build(IReadOnlyList<ApiOperation> operations)
    {
        var schemas = new SchemaBook();
        var paths = new JsonObject();
        foreach (var path in operations.GroupBy(o => o.Path, StringComparer.Ordinal))
            paths[path.Key] = new JsonObject(path.Select(o => KeyValuePair.Create(o.Method, (JsonNode?)Operation(o, schemas))));
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Click to Dial",
                ["version"] = "1",
                ["description"] = "Click to call, call log, webhooks and keys. Every refusal has a stable reason. Times are UTC; durations are seconds.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = new JsonArray([.. operations.Select(o => o.Tag).Distinct().Order(StringComparer.Ordinal).Select(t => new JsonObject { ["name"] = t, ["description"] = KnownTags.Describe(t) })]),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["securitySchemes"] = Schemes(), ["schemas"] = schemas.Write() },
        };
    }

    private static JsonObject Operation(ApiOperation operation, SchemaBook schemas)
    {
        var told = operation.Told;
        var described = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["summary"] = told.Summary,
            ["tags"] = new JsonArray(operation.Tag),
            ["security"] = Security(told.Caller),
        };
        var scope = told.Scope == ApiScopes.None ? null : $"API keys need the scope {string.Join(", ", ApiScopeNames.Of(told.Scope))}.";
        if (told.Details is not null || scope is not null) described["description"] = string.Join(' ', new[] { told.Details, scope }.OfType<string>());
        var parameters = new JsonArray(
            [.. operation.PathParameters.Select(p => KnownParameters.Path(operation.Path, p)), .. told.Query.Select(KnownParameters.Query), .. told.Headers.Select(KnownParameters.Header)]);
        if (parameters.Count > 0) described["parameters"] = parameters;
        if (told.Request is not null) described["requestBody"] = Body(told, schemas);
        described["responses"] = Responses(operation, schemas);
        return described;
    }

    private static JsonObject Body(OperationAttribute told, SchemaBook schemas)
    {
        string[] types = told.TakesForms ? ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"] : ["application/json"];
        return new JsonObject { ["required"] = true, ["content"] = Content(types, told.Request!, schemas) };
    }

    private static JsonObject Content(IEnumerable<string> types, Type type, SchemaBook schemas) =>
        new(types.Select(t => KeyValuePair.Create(t, (JsonNode?)new JsonObject { ["schema"] = schemas.Refer(type) })));

    private static JsonObject Responses(ApiOperation operation, SchemaBook schemas)
    {
        var told = operation.Told;
        var success = new JsonObject { ["description"] = told.Status switch { 201 => "Made.", 202 => "Taken on.", 204 => "Done.", _ => "As asked for." } };
        if (told.Response is { } type) success["content"] = Content(["application/json"], type, schemas);
        else if (KnownAnswers.Content(operation.Id, schemas) is { } content) success["content"] = content;
        if (told.GivesCsv) ((JsonObject)success["content"]!)["text/csv"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        var responses = new JsonObject { [told.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = success };
        foreach (var status in Refusals(told))
            responses[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = Refusal(status, operation, schemas);
        return responses;
    }

    private static IEnumerable<int> Refusals(OperationAttribute told)
    {
        IEnumerable<int> common = told.Caller switch
        {
            CallerKind.Anyone => [503],
            CallerKind.PbxToken => [400, 401, 408, 413, 415, 503],
            _ => [400, 401, 403, 429, 503],
        };
        return common.Concat(told.Refusals).Concat(told.Request is null ? [] : [413, 415]).Distinct().Order();
    }

    private static JsonObject Refusal(int status, ApiOperation operation, SchemaBook schemas) => new()
    {
        ["description"] = status switch
        {
            400 => "Something in the request is wrong: field says what.",
            401 => "The credentials are missing, wrong, or not for this address.",
            403 => "The credentials do not allow this.",
            404 => "There is no such thing.",
            409 or 422 => "It contradicts what was said before.",
            413 => "The body is too large.",
            415 => "The body is in a form not taken here.",
            429 => "Too many requests: Retry-After says when the next may come.",
            503 => "A part of us is not there: Retry-After says when to come again.",
            _ => "Refused.",
        },
        ["content"] = RefusalContent(operation, schemas),
    };

    private static JsonObject RefusalContent(ApiOperation operation, SchemaBook schemas)
    {
        if (operation.Told.Caller == CallerKind.PbxKey) return Content(["application/json"], typeof(PbxErrorReply), schemas);
        var content = Content([ProblemType], typeof(ProblemBody), schemas);
        if (KnownAnswers.IsRefusedByPage(operation.Id)) content["text/html"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        return content;
    }

    private static JsonArray Security(CallerKind caller) => caller switch
    {
        CallerKind.Key => [One("apiKey")],
        CallerKind.KeyOrToken => [One("apiKey"), One("sessionToken")],
        CallerKind.PbxKey => [One("pbxKey")],
        CallerKind.PbxToken => [One("pbxToken")],
        _ => [],
    };

    private static JsonObject One(string scheme) => new() { [scheme] = new JsonArray() };

    private static JsonObject Schemes() => new()
    {
        ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key" },
        ["pbxKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "token" },
        ["pbxToken"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Pbx-Token" },
        ["sessionToken"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT" },
    };
}
