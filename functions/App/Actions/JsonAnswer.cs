using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions;

/// <summary>Answers whose members depend on what people built.</summary>
internal static class JsonAnswer
{
    public static IResult Of(JsonObject json, int status = StatusCodes.Status200OK) => Results.Text(json.ToJsonString(), "application/json", Encoding.UTF8, status);
}
