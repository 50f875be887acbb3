using System.Text.Json.Nodes;
using ClickToDial.Core.Json;

namespace ClickToDial.Core.Actions;

/// <summary>
/// What a script's answer says under <c>__.after</c>: when the call is answered, or has ended, the script goes on in <c>fn</c>. A call
/// that ends unanswered goes on too: nobody waits for an answer that cannot come.
/// </summary>
/// <param name="Answered">Waits for the answer; otherwise for the end.</param>
/// <param name="Entry">The function of the same script.</param>
/// <param name="CallId">Null for the call of the action.</param>
public sealed record CallWait(bool Answered, string Entry, string? CallId)
{
    private const int MaxName = 64;

    /// <summary>Null for nothing; or what is wrong, for the author of the script.</summary>
    public static (CallWait? Wait, string? Fault) Read(JsonNode? node)
    {
        if (node is null) return (null, null);
        if (node is not JsonObject after || JsonBody.Text(after["event"]) is not ("answered" or "ended")) return (null, "__.after must have an event, answered or ended.");
        var entry = after["fn"] is { } named ? JsonBody.Text(named) : ScriptCall.Main;
        if (entry is not { Length: > 0 and <= MaxName } || FunctionText.TryParse(entry) is not { Parameters.Count: 0 } function || function.Name != entry)
            return (null, "__.after.fn must be the name of a function.");
        var call = after["call"] is { } id ? JsonBody.Text(id) ?? "" : null;
        if (call is { Length: 0 or > MaxName }) return (null, "__.after.call must be the id of a call.");
        return (new CallWait(JsonBody.Text(after["event"]) == "answered", entry, call), null);
    }
}
