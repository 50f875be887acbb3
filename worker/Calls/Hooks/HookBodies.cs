using System.Text.Json.Nodes;

namespace ClickToDial.Calls.Hooks;

/// <summary>What hooks are asked with: the fields that Web Call Server has, and <c>domain</c> and <c>user</c>.</summary>
internal sealed class HookBodies(string nodeId, string appKey)
{
    public JsonObject Connect(BrowserConnect connect, BrowserIdentity identity) => new()
    {
        ["nodeId"] = nodeId,
        ["appKey"] = appKey,
        ["sessionId"] = connect.SessionId,
        ["origin"] = connect.Origin,
        ["mediaProviders"] = new JsonArray("WebRTC"),
        ["clientBrowserVersion"] = connect.UserAgent,
        ["sipRegisterRequired"] = false,
        ["sipLogin"] = identity.User,
        ["sipDomain"] = identity.Domain,
        ["domain"] = identity.Domain,
        ["user"] = identity.User,
    };

    public JsonObject Call(BrowserCall call, string callee) => new()
    {
        ["nodeId"] = nodeId,
        ["appKey"] = appKey,
        ["sessionId"] = call.SessionId,
        ["callId"] = call.CallId,
        ["incoming"] = false,
        ["status"] = "PENDING",
        ["caller"] = call.Identity.User,
        ["callee"] = callee,
        ["visibleName"] = call.Identity.DisplayName ?? call.Identity.User,
        ["hasAudio"] = true,
        ["hasVideo"] = call.HasVideo,
        ["mediaProvider"] = "WebRTC",
        [InviteParameters.Field] = Parameters(call.Headers),
        ["domain"] = call.Identity.Domain,
        ["user"] = call.Identity.User,
    };

    /// <summary>For the functions alone.</summary>
    public JsonObject Dial(DialQuestion question)
    {
        var body = new JsonObject
        {
            ["nodeId"] = nodeId,
            ["appKey"] = appKey,
            ["callId"] = question.Call.Value,
            ["attempt"] = question.Attempt,
            ["incoming"] = false,
            ["caller"] = question.User,
            ["callee"] = question.Number,
            ["domain"] = question.Domain,
            ["user"] = question.User,
        };
        Add(body, "clientAddress", question.From?.ToString());
        return body;
    }

    public JsonObject Act(BrowserAct act)
    {
        var body = new JsonObject
        {
            ["nodeId"] = nodeId,
            ["appKey"] = appKey,
            ["sessionId"] = act.SessionId,
            ["callId"] = act.CallId,
            ["domain"] = act.Identity.Domain,
            ["user"] = act.Identity.User,
        };
        Add(body, "dtmf", act.Dtmf);
        return body;
    }

    public JsonObject Transfer(BrowserCall call) => new()
    {
        ["nodeId"] = nodeId,
        ["appKey"] = appKey,
        ["sessionId"] = call.SessionId,
        ["callId"] = call.CallId,
        ["target"] = call.Destination,
        ["domain"] = call.Identity.Domain,
        ["user"] = call.Identity.User,
    };

    public JsonObject Incoming(string domain, string user, string called, string? caller) => new()
    {
        ["nodeId"] = nodeId,
        ["appKey"] = appKey,
        ["incoming"] = true,
        ["status"] = "RING",
        ["caller"] = caller,
        ["callee"] = called,
        ["hasAudio"] = true,
        ["domain"] = domain,
        ["user"] = user,
    };

    /// <returns>The method and its body.</returns>
    public (string Method, JsonObject Body) Event(BrowserEvent news)
    {
        var (method, status) = news.Kind switch
        {
            BrowserEventKind.Connected => (HookMethod.ConnectionStatus, "ESTABLISHED"),
            BrowserEventKind.ConnectRefused => (HookMethod.ConnectionStatus, "FAILED"),
            BrowserEventKind.Disconnected => (HookMethod.ConnectionStatus, "DISCONNECTED"),
            BrowserEventKind.Registered => (HookMethod.RegistrationStatus, "REGISTERED"),
            BrowserEventKind.Unregistered => (HookMethod.RegistrationStatus, "UNREGISTERED"),
            BrowserEventKind.CallTrying => (HookMethod.CallStatus, "TRYING"),
            BrowserEventKind.CallRefused => (HookMethod.CallStatus, "FAILED"),
            _ => (HookMethod.CallStatus, "FINISH"),
        };
        var body = new JsonObject { ["nodeId"] = nodeId, ["appKey"] = appKey, ["sessionId"] = news.SessionId, ["status"] = status };
        Add(body, "domain", news.Domain);
        Add(body, "user", news.User);
        Add(body, "info", news.Reason);
        if (method != HookMethod.CallStatus) return (method, body);
        Add(body, "callId", news.CallId);
        Add(body, "callee", news.Destination);
        body["incoming"] = false;
        if (news.SipStatus is { } sip) body["sipStatus"] = sip;
        return (method, body);
    }

    private static void Add(JsonObject body, string name, string? value)
    {
        if (value is not null) body[name] = value;
    }

    private static JsonObject Parameters(IReadOnlyDictionary<string, string>? headers) =>
        new((headers ?? new Dictionary<string, string>()).Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value)));
}
