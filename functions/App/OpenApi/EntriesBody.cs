using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
/// <param name="Entries">Objects; <c>alt_phone</c> and <c>phone_code</c> of them can be dialled.</param>
public sealed record EntriesBody([property: JsonRequired] IReadOnlyList<JsonObject> Entries);
