using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace ClickToDial.Calls.Hooks;

/// <summary>What a failed answer means (<c>restOnError</c>).</summary>
internal enum HookOnError
{
    /// <summary>It is logged, and things go on.</summary>
    Log,

    /// <summary>It is logged, and what was asked for does not happen.</summary>
    Fail,
}

/// <summary>What an answer is good for (<c>restPolicy</c>).</summary>
internal enum HookPolicy
{
    /// <summary>Only for being there.</summary>
    Notify,

    /// <summary>The fields that are listed take the answer's values.</summary>
    Overwrite,

    /// <summary>Nobody is asked.</summary>
    Disable,
}

/// <summary>How one method is asked: the five keys of <c>restClientConfig</c>.</summary>
/// <param name="ClientExclude">Fields that do not go to the browser.</param>
/// <param name="RestExclude">Fields that do not go to the back end.</param>
/// <param name="Overwrite">Fields that an answer may change.</param>
internal sealed record HookRule(
    HookOnError OnError, HookPolicy Policy, FrozenSet<string> ClientExclude, FrozenSet<string> RestExclude, FrozenSet<string> Overwrite)
{
    private const int MaxFields = 64;

    public static HookRule Default { get; } = new(HookOnError.Log, HookPolicy.Notify, [], [], []);

    /// <summary>What is missing or unknown takes the default: that is what the protocol says, and it lets no field through.</summary>
    public static HookRule Read(JsonNode? node)
    {
        if (node is not JsonObject rule) return Default;
        return new HookRule(
            Text(rule, "restOnError") is "FAIL" ? HookOnError.Fail : HookOnError.Log,
            Text(rule, "restPolicy") switch { "OVERWRITE" => HookPolicy.Overwrite, "DISABLE" or "DISABLED" => HookPolicy.Disable, _ => HookPolicy.Notify },
            Fields(rule, "clientExclude"), Fields(rule, "restExclude"), Fields(rule, "restOverwrite"));
    }

    /// <summary>A copy for the back end.</summary>
    public JsonObject ForBackEnd(JsonObject body) => Without(body, RestExclude);

    /// <summary>A copy for the browser.</summary>
    public JsonObject ForClient(JsonObject body) => Without(body, ClientExclude);

    /// <summary>A copy with what the answer may change.</summary>
    public JsonObject Taking(JsonObject body, JsonObject answer)
    {
        var taken = (JsonObject)body.DeepClone();
        if (Policy != HookPolicy.Overwrite) return taken;
        foreach (var name in Overwrite)
            if (answer.TryGetPropertyValue(name, out var value)) taken[name] = value?.DeepClone();
        return taken;
    }

    private static JsonObject Without(JsonObject body, FrozenSet<string> fields)
    {
        var copy = (JsonObject)body.DeepClone();
        foreach (var name in fields) copy.Remove(name);
        return copy;
    }

    private static FrozenSet<string> Fields(JsonObject rule, string name) =>
        (Text(rule, name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MaxFields)
            .ToFrozenSet(StringComparer.Ordinal);

    private static string? Text(JsonObject rule, string name) => HookJson.Text(rule[name]);
}
