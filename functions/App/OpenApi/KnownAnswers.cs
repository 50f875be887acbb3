using System.Text.Json.Nodes;

namespace ClickToDial.App.OpenApi;

/// <summary>
/// Answers of operations that write them member by member, because much of them depends on what people built, and of those that
/// answer with something else than JSON. All others name their type themselves.
/// </summary>
public static class KnownAnswers
{
    private const string Json = "application/json";

    private static readonly Dictionary<string, (string MediaType, Type? Type)> Answers = new(StringComparer.Ordinal)
    {
        ["GetOpenApi"] = (Json, typeof(JsonObject)),
        ["GetJsonWebKeySet"] = ("application/jwk-set+json", typeof(JsonObject)),
        ["GetDocs"] = ("text/html", null),
        ["OpenLink"] = ("text/html", null),
        ["UseLink"] = ("text/html", null),
        ["OpenRemoteCall"] = ("text/html", null),
        ["PostSystemSession"] = (Json, null),
        ["GetRecording"] = ("audio/wav", null),
        ["FollowChain"] = ("text/event-stream", null),
        ["FollowCalls"] = ("text/event-stream", null),
        ["ListButtons"] = (Json, typeof(ButtonsAnswer)),
        ["CreateButton"] = (Json, typeof(ButtonAnswer)),
        ["ReadButton"] = (Json, typeof(ButtonAnswer)),
        ["ReplaceButton"] = (Json, typeof(ButtonAnswer)),
        ["ListButtonVersions"] = (Json, typeof(VersionsAnswer<ButtonAnswer>)),
        ["ListForms"] = (Json, typeof(FormsAnswer)),
        ["CreateForm"] = (Json, typeof(FormAnswer)),
        ["ReadForm"] = (Json, typeof(FormAnswer)),
        ["ReplaceForm"] = (Json, typeof(FormAnswer)),
        ["ListFormVersions"] = (Json, typeof(VersionsAnswer<FormAnswer>)),
        ["GetFormSchema"] = (Json, typeof(JsonObject)),
        ["ListScripts"] = (Json, typeof(ScriptsAnswer)),
        ["CreateScript"] = (Json, typeof(ScriptAnswer)),
        ["ReadScript"] = (Json, typeof(ScriptAnswer)),
        ["ReplaceScript"] = (Json, typeof(ScriptAnswer)),
        ["ListScriptVersions"] = (Json, typeof(VersionsAnswer<ScriptAnswer>)),
        ["CheckScript"] = (Json, typeof(JsonObject)),
        ["GetScriptSettings"] = (Json, typeof(ScriptSettingsBody)),
        ["SetScriptSettings"] = (Json, typeof(ScriptSettingsBody)),
        ["GetSoftphoneButton"] = (Json, typeof(ButtonAnswer)),
        ["ListSoftphoneButtons"] = (Json, typeof(ButtonsAnswer)),
        ["PressButton"] = (Json, typeof(JsonObject)),
        ["GetSoftphoneForm"] = (Json, typeof(FormAnswer)),
        ["SubmitForm"] = (Json, typeof(JsonObject)),
        ["GetChain"] = (Json, typeof(ChainAnswer)),
        ["AcknowledgeAction"] = (Json, typeof(JsonObject)),
        ["GetChainConsole"] = (Json, typeof(ConsoleAnswer)),
    };

    /// <summary>People open these, so they read refusals too. What goes wrong before the operation is reached is told as everywhere.</summary>
    public static bool IsRefusedByPage(string operation) => operation is "OpenLink" or "UseLink" or "OpenRemoteCall";

    /// <returns>The answer's content by media type, or null when there is none.</returns>
    public static JsonObject? Content(string operation, SchemaBook schemas) => Answers.TryGetValue(operation, out var answer)
        ? new JsonObject { [answer.MediaType] = new JsonObject { ["schema"] = answer.Type is { } type ? schemas.Refer(type) : new JsonObject { ["type"] = "string" } } }
        : null;
}
