using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.Core.Actions.Forms;

namespace ClickToDial.Core.Actions;

/// <summary>
/// What a script answered: a control block under <c>__</c> (an action, patches for a form, data for a form), and everything
/// else, which is shown to the agent according to its type. <c>formId</c> of the block is not acted on.
/// </summary>
/// <param name="After">The call that the chain waits for when that is done.</param>
/// <param name="Shown">What is shown, as JSON; null when there is nothing.</param>
public sealed record ScriptReply(ChainAction? Action, IReadOnlyList<FieldPatch> Patches, JsonObject? FormData, JsonNode? Shown, string? Eval = null, CallWait? After = null)
{
    private const string Block = "__";

    /// <summary>The reply, or what is wrong with its control block, for the author of the script.</summary>
    public static (ScriptReply? Reply, string? Fault) Read(JsonNode? result)
    {
        if (result is not JsonObject whole || !whole.TryGetPropertyValue(Block, out var block)) return (new ScriptReply(null, [], null, result?.DeepClone()), null);
        if (block is not JsonObject control) return (null, "__ must be an object.");
        var (action, fault) = ReadAction(control["action"]);
        if (fault is not null) return (null, fault);
        var (patches, badPatch) = FieldPatch.ReadAll(control["formSchema"]);
        if (badPatch is not null) return (null, badPatch);
        if (control["formData"] is { } data and not JsonObject) return (null, "__.formData must be an object.");
        var (after, badWait) = CallWait.Read(control["after"]);
        if (badWait is not null) return (null, badWait);
        if (after is not null && action?.Name == ActionName.OpenForm) return (null, "__.after does not go with openForm.");
        var shown = (JsonObject)whole.DeepClone();
        shown.Remove(Block);
        return (new ScriptReply(action, patches, control["formData"]?.DeepClone() as JsonObject, shown.Count > 0 ? shown : null, Text(control["eval"]), after), null);
    }

    private static (ChainAction? Action, string? Fault) ReadAction(JsonNode? node)
    {
        if (node is null) return (null, null);
        if (node is not JsonObject action || Text(action["name"]) is not { } name) return (null, "__.action must be an object with a name.");
        if (action["params"] is { } list and not JsonArray) return (null, "__.action.params must be a list.");
        var parameters = new List<string>();
        foreach (var item in action["params"] as JsonArray ?? [])
        {
            if (item is not JsonValue value || Scalar(value) is not { } text) return (null, "__.action.params holds texts, numbers and true or false.");
            parameters.Add(text);
        }
        return ActionRules.Check(name, parameters);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static string? Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.ToJsonString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
