using System.Text.Json.Nodes;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
/// <param name="User">The agent, where an API key asks.</param>
/// <param name="Selected">The rows that were selected.</param>
/// <param name="Phone"><c>browser</c> (the default): the client does actions about calls; <c>remote</c>: the agent's phone is a device, and they are done through the worker.</param>
public sealed record PressBody(string? User, JsonObject? Data, JsonArray? Selected, string? Phone = null);
