using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
/// <param name="User">The agent, where an API key asks.</param>
/// <param name="Data">What was filled in, by the fields' names.</param>
/// <param name="Number">Of the step that opened the form: a repeat then counts once. Without it, the form that is open now.</param>
public sealed record SubmitBody(string? User, [property: JsonRequired] JsonObject Data, int? Number = null);
