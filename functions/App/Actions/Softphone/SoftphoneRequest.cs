using System.Text.Json.Nodes;

namespace ClickToDial.App.Actions.Softphone;

/// <param name="IsPhone">A web phone asks, with a session token.</param>
public sealed record SoftphoneRequest(string Domain, string User, JsonObject Body, bool IsPhone);
