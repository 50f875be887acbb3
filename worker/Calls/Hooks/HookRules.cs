using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace ClickToDial.Calls.Hooks;

/// <summary>The rules that a back end gave in its answer to connect, by method.</summary>
internal sealed class HookRules
{
    private const int MaxMethods = 64;
    private readonly FrozenDictionary<string, HookRule> _rules;

    private HookRules(FrozenDictionary<string, HookRule> rules, JsonObject? config) => (_rules, Config) = (rules, config);

    public static HookRules Default { get; } = new(FrozenDictionary<string, HookRule>.Empty, null);

    /// <summary>As the back end gave them, to be read by another worker; not to be changed. Null for none.</summary>
    public JsonObject? Config { get; }

    public HookRule this[string method] => _rules.GetValueOrDefault(method, HookRule.Default);

    public static HookRules Read(JsonNode? config) => config is JsonObject rules
        ? new HookRules(rules.Take(MaxMethods).ToFrozenDictionary(rule => rule.Key, rule => HookRule.Read(rule.Value), StringComparer.Ordinal), (JsonObject)rules.DeepClone())
        : Default;
}
