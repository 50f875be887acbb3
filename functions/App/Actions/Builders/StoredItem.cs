using System.Text.Json.Nodes;
using Azure;

namespace ClickToDial.App.Actions.Builders;

/// <summary>A button, form or script as it is kept.</summary>
/// <param name="Json">In the wire's names.</param>
/// <param name="Version">Counts from 1; every version is kept.</param>
/// <param name="NameRow">Row that keeps its name its own, or null.</param>
public sealed record StoredItem(string Domain, string Id, int Version, JsonObject Json, DateTimeOffset ChangedAt, ETag ETag, string? NameRow);
