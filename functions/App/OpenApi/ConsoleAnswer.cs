using System.Text.Json.Nodes;

namespace ClickToDial.App.OpenApi;

/// <summary>An answer as it is described: what scripts have printed.</summary>
public sealed record ConsoleAnswer(JsonArray Lines);
