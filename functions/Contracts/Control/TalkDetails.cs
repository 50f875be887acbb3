using System.Text.Json.Serialization;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Contracts.Control;

/// <summary>What goes on in a call whose ends talk. Legs are named by their ids.</summary>
/// <param name="HeldBy">Legs that have put the other side on hold.</param>
/// <param name="Muted">Legs that the other side does not hear.</param>
/// <param name="Announced">Legs that hear an announcement.</param>
/// <param name="RecordingId">Null when the call is not being recorded.</param>
/// <param name="Transfer">Null when none is under way.</param>
public sealed record TalkDetails(
    IReadOnlyList<string> HeldBy,
    IReadOnlyList<string> Muted,
    IReadOnlyList<string> Announced,
    string? RecordingId = null,
    TransferDetails? Transfer = null);

/// <summary>A transfer under way.</summary>
/// <param name="Transferor">The leg that gives its place away.</param>
/// <param name="To">Who is rung.</param>
/// <param name="WithCall">The call that the target is fetched from.</param>
public sealed record TransferDetails(string Transferor, string? To = null, CallId? WithCall = null);

/// <summary>One thing that <c>GET /control/watch</c> tells.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Call">With <see cref="WatchKind.Call"/>.</param>
/// <param name="Calls">With <see cref="WatchKind.Calls"/>: all that are under way and match.</param>
public sealed record WatchMessage(WatchKind Kind, CallSnapshot? Call = null, IReadOnlyList<CallSnapshot>? Calls = null);

[JsonConverter(typeof(JsonStringEnumConverter<WatchKind>))]
public enum WatchKind
{
    /// <summary>How it all stands: the first message, and again when the reader was too slow to be told every change.</summary>
    [JsonStringEnumMemberName("calls")] Calls,

    /// <summary>One call has changed, or ended.</summary>
    [JsonStringEnumMemberName("call")] Call,
}
