using System.Text.Json.Nodes;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Actions.Chains;

/// <summary>Chains as clients get them.</summary>
internal static class ChainViews
{
    public const string Eval = "eval";
    private const string Block = "__";

    /// <param name="isPhone">A web phone asks: it alone gets text to evaluate.</param>
    public static JsonObject Whole(ChainRecord chain, bool isPhone)
    {
        var view = new JsonObject
        {
            ["id"] = chain.ChainId,
            ["state"] = State(chain),
            ["user"] = chain.User,
            ["button"] = chain.ButtonId,
            ["startedAt"] = chain.StartedAt,
            ["history"] = new JsonArray([.. chain.Steps.Select(Brief)]),
        };
        if (chain.Current is { } current)
        {
            view["current"] = Step(current, isPhone);
            view["waitsFor"] = ChainRecord.WaitsFor(current);
        }
        if (chain.End is { } end) view["end"] = End(end);
        return view;
    }

    public static JsonObject Step(JsonObject step, bool isPhone)
    {
        var shown = (JsonObject)step.DeepClone();
        if (!isPhone) shown.Remove(Eval);
        return shown;
    }

    public static JsonObject End(ChainEnd end)
    {
        var json = new JsonObject { ["reason"] = end.Reason };
        if (end.Detail is { } detail) json["detail"] = detail;
        if (end.Status is { } status) json["status"] = status;
        return json;
    }

    /// <summary>What the press of a button, or a form, is answered with: what is shown, and under <c>__</c> what is to be done.</summary>
    public static Result<JsonObject> Reply(ChainRecord chain, int after, bool isPhone)
    {
        var step = chain.Steps.FirstOrDefault(s => ChainRecord.NumberOf(s) > after);
        if (step is null && chain.End is { Reason: not (ChainEndings.Done or ChainEndings.Refused or ChainEndings.Stopped or ChainEndings.Superseded) } end) return Failure(end);
        var reply = step?["shown"] is JsonObject shown ? (JsonObject)shown.DeepClone() : new JsonObject();
        if (step?["shown"] is { } other and not JsonObject) reply["result"] = other.DeepClone();
        var block = new JsonObject { ["chain"] = new JsonObject { ["id"] = chain.ChainId, ["state"] = State(chain), ["number"] = step?["number"]?.DeepClone() } };
        if (step is not null)
        {
            if (step["action"] is { } action) block["action"] = action.DeepClone();
            if (step["form"] is { } form)
            {
                block["formId"] = form["id"]?.DeepClone();
                block["formSchema"] = form["formSchema"]?.DeepClone();
            }
            foreach (var name in (string[])["formData", "entry", "dial", "by", "call", Eval])
                if ((isPhone || name != Eval) && step[name] is { } value) block[name] = value.DeepClone();
        }
        reply[Block] = block;
        return reply;
    }

    private static Problem Failure(ChainEnd end) => end.Reason == ChainEndings.ScriptFailed
        ? KnownProblems.ScriptFailed with { Detail = end.Detail, Status = end.Status is >= 400 and <= 599 ? end.Status.Value : KnownProblems.ScriptFailed.Status }
        : KnownProblems.ChainFailed with { Detail = end.Detail ?? end.Reason };

    private static string State(ChainRecord chain) => chain.End is not null ? "ended" : chain.Current is not null ? "waiting" : "running";

    private static JsonNode Brief(JsonObject step)
    {
        var brief = new JsonObject { ["number"] = step["number"]?.DeepClone(), ["at"] = step["at"]?.DeepClone() };
        foreach (var name in (string[])["action", "result", "waitsFor", "call", "event"])
            if (step[name] is { } value) brief[name] = value.DeepClone();
        return brief;
    }
}
