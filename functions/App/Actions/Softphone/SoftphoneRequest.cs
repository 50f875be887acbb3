using System.Text.Json.Nodes;

namespace ClickToDial.App.Actions.Softphone;

public sealed record SoftphoneRequest(string Domain, string User, JsonObject Body);
