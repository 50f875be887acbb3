using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Edge;

/// <summary>A frame of text from the worker that has phones to one that calls them: its own name, or a user's registrations.</summary>
internal sealed record EdgeNews(string? Server = null, EdgeUser? User = null);

/// <summary>All live registrations of a user at one worker, as they are from then on; none when the last has gone.</summary>
/// <param name="Sessions">Browsers among them: under which token each was let in.</param>
internal sealed record EdgeUser(string Domain, string User, IReadOnlyList<Binding> Bindings, IReadOnlyList<EdgeSession>? Sessions = null)
{
    // A list of hundreds would be no user's.
    public override string ToString() => $"{Bindings.Count} registrations";
}

/// <summary>A browser that was let in, and over which connection.</summary>
/// <param name="Rules">How its back end wants to be asked about what it does; null for the usual.</param>
internal sealed record EdgeSession(string Id, string Token, BrowserIdentity Identity, SipTransportKind Transport, string Source, JsonObject? Rules = null)
{
    public override string ToString() => Id;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EdgeNews))]
internal sealed partial class EdgeJson : JsonSerializerContext;
