using System.Text.Json.Nodes;
using ClickToDial.Calls.Hooks;

namespace ClickToDial.Fuzz.Targets;

/// <summary>What a back end answers is read or refused, and its rules never let through what they exclude.</summary>
public sealed class HookAnswerTarget : IFuzzTarget
{
    public string Name => "hook-answer";

    public IEnumerable<string> Seeds =>
    [
        """{"sipLogin":"101","restClientConfig":{"call":{"restOnError":"FAIL","restPolicy":"OVERWRITE","restOverwrite":"callee","clientExclude":"sipPassword,callee","restExclude":"sdp"}}}""",
        """{"callee":"+4930","maxDurationSeconds":60,"inviteParameters":{"X-A":"b","X-B":"a\r\nRoute: <sip:x>","Via":"c"}}""",
        "",
    ];

    public IEnumerable<string> Words => ["\"call\":", "restClientConfig", "DISABLE", "\\ud800", "[[", "{\"a\":", "null", "1e309", ",,", "callee"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (HookJson.TryParse(input) is not { } answer) return;
        var rule = HookRules.Read(answer["restClientConfig"])["call"];
        var body = new JsonObject { ["callee"] = "sales", ["caller"] = "101", ["sdp"] = "x" };
        var client = rule.ForClient(rule.Taking(body, answer));
        Promise.That(!rule.ClientExclude.Any(client.ContainsKey), "what is kept from the browser does not go there");
        Promise.That(!rule.RestExclude.Any(rule.ForBackEnd(body).ContainsKey), "what is kept from the back end does not go there");
        foreach (var (name, value) in InviteParameters.Read(answer[InviteParameters.Field], out _))
            Promise.That(name.StartsWith("X-", StringComparison.OrdinalIgnoreCase) && !name.Concat(value).Any(char.IsControl), "only headers of one's own are added, each on one line");
        var taken = rule.Taking(body, answer);
        Promise.That(rule.Overwrite.Contains("callee") || HookJson.Text(taken["callee"]) == "sales", "only listed fields change");
    }
}
