using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
/// <param name="Action">Number of the action.</param>
/// <param name="Result"><c>ok</c> or <c>refused</c>.</param>
public sealed record AckBody([property: JsonRequired] int Action, [property: JsonRequired] string Result, JsonObject? Data);
