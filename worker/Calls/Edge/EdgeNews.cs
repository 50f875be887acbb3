using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Edge;

/// <summary>
/// A frame of text between two workers: the name of the one that writes, by which each begins; then, from the one that has phones and calls, a
/// user's registrations, calls and answers to orders; from the other, whose calls it wants to know of, and orders. One of an earlier version
/// passes over what it does not know.
/// </summary>
/// <param name="IsAll">Every user with registrations has been told since the beginning.</param>
internal sealed record EdgeNews(string? Server = null, EdgeUser? User = null, bool IsAll = false)
{
    /// <summary>A call of a user whose calls were asked for, as it is now, or as it ended.</summary>
    public CallSnapshot? Call { get; init; }

    /// <summary>A call that ended so long ago that nothing else is known of it.</summary>
    public CallId? Over { get; init; }

    public EdgeCalls? Calls { get; init; }

    public EdgeDone? Done { get; init; }

    public EdgeWatch? Watch { get; init; }

    public EdgeOrder? Order { get; init; }

    /// <summary>From a worker that wants to go: how many dialogs of the other lead over its phones?</summary>
    public bool? IsLeaving { get; init; }

    /// <summary>The answer to <see cref="IsLeaving"/>.</summary>
    public int? Using { get; init; }

    public static byte[] Write(EdgeNews news) => JsonSerializer.SerializeToUtf8Bytes(news, EdgeJson.Default.EdgeNews);

    public static bool TryRead(ReadOnlySpan<byte> text, out EdgeNews? news)
    {
        try
        {
            news = JsonSerializer.Deserialize(text, EdgeJson.Default.EdgeNews);
            return news is not null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // No JSON, something that another version says otherwise, or an order of no kind.
            news = null;
            return false;
        }
    }
}

/// <summary>All live registrations of a user at one worker, as they are from then on; none when the last has gone.</summary>
/// <param name="Bindings">Null, as from a worker of another version, is as none.</param>
/// <param name="Sessions">Browsers among them: as whom each was let in.</param>
internal sealed record EdgeUser(string Domain, string User, IReadOnlyList<Binding>? Bindings, IReadOnlyList<EdgeSession>? Sessions = null)
{
    // A list of hundreds would be no user's.
    public override string ToString() => $"{Bindings?.Count ?? 0} registrations";
}

/// <summary>A browser that was let in, and over which connection. The token it showed stays with the worker that let it in.</summary>
/// <param name="Rules">How its back end wants to be asked about what it does; null for the usual.</param>
/// <param name="Since">When it was let in; null, as from a worker of another version, where that is not said.</param>
internal sealed record EdgeSession(string Id, BrowserIdentity Identity, SipTransportKind Transport, string Source, JsonObject? Rules = null, DateTimeOffset? Since = null)
{
    public override string ToString() => Id;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EdgeNews))]
internal sealed partial class EdgeJson : JsonSerializerContext;
