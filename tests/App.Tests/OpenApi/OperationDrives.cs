namespace ClickToDial.App.Tests.OpenApi;

/// <summary>For each operation a good request and a bad one, with the statuses they are answered with.</summary>
internal static class OperationDrives
{
    public static IReadOnlyDictionary<string, (Drive Good, Drive Bad)> All { get; } =
        new[] { Calls, Pages, Pbx, Webhooks, Builders, Chains, Operators }.SelectMany(drives => drives).ToDictionary(StringComparer.Ordinal);

    /// <summary>Calls and their recordings.</summary>
    private static Dictionary<string, (Drive Good, Drive Bad)> Calls => new(StringComparer.Ordinal)
    {
        ["OriginateCall"] = (new("/api/calls", 202, """{"user":"101","destination":"echo"}"""), new("/api/calls", 400, """{"user":"101"}""")),
        ["ListCalls"] = (new("/api/calls?limit=5&fromDate=2026-01-01", 200), new("/api/calls?limit=0", 400)),
        ["GetCall"] = (new("/api/calls/{call}", 200), new("/api/calls/nothing", 404)),
        ["GetCallEvents"] = (new("/api/calls/{call}/events", 200), new("/api/calls/nothing/events", 404)),
        // Held calls are held end to end.
        ["HoldCall"] = (new("/api/calls/nothing/hold", 404), new("/api/calls/nothing/hold", 404)),
        ["ResumeCall"] = (new("/api/calls/nothing/resume", 404), new("/api/calls/nothing/resume", 404)),
        ["HangUpCall"] = (new("/api/calls/{call}", 204), new("/api/calls/nothing", 404)),
        ["ListCallRecordings"] = (new("/api/calls/{call}/recordings", 200), new("/api/calls/nothing/recordings", 404)),
        // Recordings are made and fetched in tests of their own.
        ["GetRecording"] = (new("/api/recordings/nothing", 404), new("/api/recordings/nothing", 404)),
        ["CallsUnderWay"] = (new("/api/calls/live", 200), new("/api/calls/live?user=a%20b", 400)),
        ["FollowCalls"] = (new("/api/calls/watch?user=a%20b", 400), new("/api/calls/watch?user=a%20b", 400)),
    };

    /// <summary>What pages come by: sessions, links, logins.</summary>
    private static Dictionary<string, (Drive Good, Drive Bad)> Pages => new(StringComparer.Ordinal)
    {
        ["CreateSession"] = (new("/api/sessions", 201, """{"user":"101"}"""), new("/api/sessions", 404, """{"user":"999"}""")),
        ["GetJsonWebKeySet"] = (new("/.well-known/jwks.json", 200), new("/.well-known/jwks.txt", 404)),
        ["PostSystemSession"] = (new("/rest/system/session", 400, "{}"), new("/rest/system/session", 401, """{"name":"session","value":"x"}""")),
        ["GetPbxLogin"] = (new("/rest/pbxlogin", 401), new("/rest/pbxlogin?session=x", 401)),
        ["CreateLink"] = (new("/api/links", 201, """{"user":"101","destination":"echo"}"""), new("/api/links", 404, """{"user":"999","destination":"echo"}""")),
        ["OpenLink"] = (new("/dial", 400), new("/dial?t=a.b", 400)),
        ["UseLink"] = (new("/dial", 400, "t=a.b"), new("/dial", 400, "")),
        ["OpenRemoteCall"] = (new("/remote_call.htm?user=101%40d1.test&dest=echo", 401), new("/remote_call.htm", 400)),
    };

    /// <summary>What other PBXes tell, and what is asked about it.</summary>
    private static Dictionary<string, (Drive Good, Drive Bad)> Pbx => new(StringComparer.Ordinal)
    {
        ["IngestPbxEvent"] = (new("/webhooks/pbx", 202, """{"type":"queue_call"}"""), new("/webhooks/pbx", 400, "[]")),
        ["IngestPbxEventOfSource"] = (new("/webhooks/pbx/acme", 202, """{"type":"queue_call","unique_call_id":"o1"}"""), new("/webhooks/pbx/nobody", 401, "{}")),
        ["IngestPbxEventOfTrigger"] = (new("/webhooks/pbx/acme/voicemail", 202, """{"unique_call_id":"o2"}"""), new("/webhooks/pbx/acme/voicemail", 400, "1")),
        ["ListPoison"] = (new("/api/webhooks/poison", 200), new("/api/webhooks/poison?cursor=x", 400)),
        ["ReplayPoison"] = (new("/api/webhooks/poison/{poison}/replay", 202), new("/api/webhooks/poison/nothing/replay", 404)),
        ["GetUserCalls"] = (new("/api/integration/v2/get-user-calls", 200), new("/api/integration/v2/get-user-calls?limit=x", 400)),
        ["GetQueueCalls"] = (new("/api/integration/v2/get-queue-calls", 200), new("/api/integration/v2/get-queue-calls?offset=x", 400)),
        ["GetRingGroupCalls"] = (new("/api/integration/v2/get-ringgroup-calls", 200), new("/api/integration/v2/get-ringgroup-calls?from_date=x", 400)),
        ["CallToNumber"] = (new("/api/integration/v2/call-to-number", 200, """{"user_number":"102","number_to_call":"+61412345678"}"""), new("/api/integration/v2/call-to-number", 400, "{}")),
        ["ListQueueCalls"] = (new("/api/queue-calls?queue=Sales", 200), new("/api/queue-calls?from=x", 400)),
        ["ListRingGroupCalls"] = (new("/api/ring-group-calls?format=csv", 200), new("/api/ring-group-calls?toDate=x", 400)),
        ["ListPbxRecordings"] = (new("/api/pbx/recordings", 200), new("/api/pbx/recordings?cursor=x", 400)),
        ["ListPbxVoicemails"] = (new("/api/pbx/voicemails", 200), new("/api/pbx/voicemails?limit=201", 400)),
        ["ListPbxComponents"] = (new("/api/pbx/components", 200), new("/api/pbx/components?offset=20001", 400)),
        ["ListPbxUnknown"] = (new("/api/pbx/unknown?offset=3", 200), new("/api/pbx/unknown?limit=x", 400)),
    };

    /// <summary>Subscriptions and deliveries.</summary>
    private static Dictionary<string, (Drive Good, Drive Bad)> Webhooks => new(StringComparer.Ordinal)
    {
        ["CreateWebhook"] = (new("/api/webhooks", 201, """{"url":"http://127.0.0.1:9/"}"""), new("/api/webhooks", 400, """{"url":"http://10.0.0.1/"}""")),
        ["ListWebhooks"] = (new("/api/webhooks", 200), new("/api/webhooks", 404) { Method = "PUT" }),
        ["GetWebhook"] = (new("/api/webhooks/{webhook}", 200), new("/api/webhooks/nothing", 404)),
        ["ChangeWebhook"] = (new("/api/webhooks/{webhook}", 200, """{"enabled":false}"""), new("/api/webhooks/{webhook}", 400, """{"style":"x"}""")),
        ["DeleteWebhook"] = (new("/api/webhooks/{webhook}", 204), new("/api/webhooks/nothing", 404)),
        ["TestWebhook"] = (new("/api/webhooks/{webhook}/test", 200, "{}"), new("/api/webhooks/{webhook}/test", 400, """{"trigger":"x"}""")),
        ["ListWebhookSamples"] = (new("/api/webhooks/samples", 200), new("/api/webhooks/samples/x", 404)),
        ["ListDeliveries"] = (new("/api/webhooks/{webhook}/deliveries?status=dead", 200), new("/api/webhooks/{webhook}/deliveries?status=x", 400)),
        // One delivery is replayed in a test of its own.
        ["ReplayDelivery"] = (new("/api/webhooks/{webhook}/deliveries/nothing/replay", 404), new("/api/webhooks/nothing/deliveries/nothing/replay", 404)),
        ["ReplayDeliveries"] = (new("/api/webhooks/{webhook}/replay", 200, """{"failed":true}"""), new("/api/webhooks/{webhook}/replay", 400, "{}")),
    };

    /// <summary>Buttons, forms, scripts and what they need.</summary>
    private static Dictionary<string, (Drive Good, Drive Bad)> Builders => new(StringComparer.Ordinal)
    {
        ["ListButtons"] = (new("/api/buttons", 200), new("/api/buttons", 404) { Method = "PUT" }),
        ["CreateButton"] = (new("/api/buttons", 201, """{"label":"b","fn":"next"}"""), new("/api/buttons", 400, "{}")),
        ["ReadButton"] = (new("/api/buttons/{button}", 200), new("/api/buttons/nothing", 404)),
        ["ReplaceButton"] = (new("/api/buttons/{button}", 200, """{"label":"b","fn":"next","version":1}"""), new("/api/buttons/{button}", 428, """{"label":"b","fn":"next"}""")),
        ["DeleteButton"] = (new("/api/buttons/{button}", 204), new("/api/buttons/nothing", 404)),
        ["ListButtonVersions"] = (new("/api/buttons/{button}/versions", 200), new("/api/buttons/nothing/versions", 404)),
        ["ListForms"] = (new("/api/forms", 200), new("/api/forms", 404) { Method = "PUT" }),
        ["CreateForm"] = (new("/api/forms", 201, """{"name":"f","formSchema":[]}"""), new("/api/forms", 400, "{}")),
        ["ReadForm"] = (new("/api/forms/{form}", 200), new("/api/forms/nothing", 404)),
        ["ReplaceForm"] = (new("/api/forms/{form}", 200, """{"name":"g","formSchema":[],"version":1}"""), new("/api/forms/{form}", 412, """{"name":"g","formSchema":[],"version":9}""")),
        ["DeleteForm"] = (new("/api/forms/{form}", 204), new("/api/forms/nothing", 404)),
        ["ListFormVersions"] = (new("/api/forms/{form}/versions", 200), new("/api/forms/nothing/versions", 404)),
        ["GetFormSchema"] = (new("/api/forms/{form}/schema", 200), new("/api/forms/nothing/schema", 404)),
        ["ListScripts"] = (new("/api/scripts", 200), new("/api/scripts", 404) { Method = "PUT" }),
        ["CreateScript"] = (new("/api/scripts", 201, """{"name":"s","source":"function main() {}"}"""), new("/api/scripts", 400, "{}")),
        ["ReadScript"] = (new("/api/scripts/{script}", 200), new("/api/scripts/nothing", 404)),
        ["ReplaceScript"] = (new("/api/scripts/{script}", 200, """{"name":"s","source":"function main() {}","version":1}"""), new("/api/scripts/nothing", 404, """{"name":"s","source":"","version":1}""")),
        ["DeleteScript"] = (new("/api/scripts/{script}", 204), new("/api/scripts/nothing", 404)),
        ["ListScriptVersions"] = (new("/api/scripts/{script}/versions", 200), new("/api/scripts/nothing/versions", 404)),
        ["CheckScript"] = (new("/api/scripts/validate", 200, """{"source":"function main() {}"}"""), new("/api/scripts/validate", 400, "{}")),
        ["SetScriptSecret"] = (new("/api/script-secrets/s", 204, """{"value":"v"}"""), new("/api/script-secrets/s", 400, "{}")),
        ["DeleteScriptSecret"] = (new("/api/script-secrets/{secret}", 204), new("/api/script-secrets/nothing", 404)),
        ["AddCampaignEntries"] = (new("/api/campaign/entries", 204, """{"entries":[{"alt_phone":"+49301"}]}"""), new("/api/campaign/entries", 400, """{"entries":[]}""")),
        ["GetScriptSettings"] = (new("/api/script-settings", 200), new("/api/script-settings", 404) { Method = "POST" }),
        ["SetScriptSettings"] = (new("/api/script-settings", 200, """{"fetchHosts":["*.example.com"]}"""), new("/api/script-settings", 400, """{"fetchHosts":["*"]}""")),
    };

    /// <summary>What agents do with them; chains are driven in tests of their own.</summary>
    private static Dictionary<string, (Drive Good, Drive Bad)> Chains => new(StringComparer.Ordinal)
    {
        ["GetSoftphoneButton"] = (new("/api/softphone/button/{button}", 200), new("/api/softphone/button/nothing", 404)),
        ["ListSoftphoneButtons"] = (new("/api/softphone/buttons?placement=agent", 200), new("/api/softphone/buttons", 404) { Method = "PUT" }),
        ["PressButton"] = (new("/api/softphone/button/{button}", 200, """{"user":"101"}"""), new("/api/softphone/button/nothing", 404, """{"user":"101"}""")),
        ["GetSoftphoneForm"] = (new("/api/softphone/form/{form}", 200), new("/api/softphone/form/nothing", 404)),
        ["SubmitForm"] = (new("/api/softphone/form/nothing", 404, """{"user":"101","data":{}}"""), new("/api/softphone/form/{form}", 409, """{"user":"101","data":{}}""")),
        ["GetChainConsole"] = (new("/api/chains/{chain}/console", 200), new("/api/chains/nothing/console", 404)),
        ["GetChain"] = (new("/api/chains/{chain}", 200), new("/api/chains/nothing", 404)),
        ["EndChainNow"] = (new("/api/chains/{chain}", 204), new("/api/chains/nothing", 404)),
        ["AcknowledgeAction"] = (new("/api/chains/{chain}/ack", 200, """{"action":1,"result":"ok"}"""), new("/api/chains/{chain}/ack", 400, """{"action":1}""")),
        ["FollowChain"] = (new("/api/chains/nothing/events", 404), new("/api/chains/nothing/events", 404)),
    };

    /// <summary>Keys, the guard, health and this description.</summary>
    private static Dictionary<string, (Drive Good, Drive Bad)> Operators => new(StringComparer.Ordinal)
    {
        ["GetHealth"] = (new("/healthz", 200), new("/healthz/x", 404)),
        ["CreateKey"] = (new("/api/keys", 201, """{"name":"n","scopes":["calls:read"]}"""), new("/api/keys", 400, "{}")),
        ["ListGuardEvents"] = (new("/api/guard/events", 200), new("/api/guard/events", 404) { Method = "PUT" }),
        ["ListKeys"] = (new("/api/keys", 200), new("/api/keys", 404) { Method = "PUT" }),
        ["DeleteKey"] = (new("/api/keys/{key}", 204), new("/api/keys/nothing", 404)),
        ["GetOpenApi"] = (new("/openapi.json", 200), new("/openapi.json/x", 404)),
        ["GetDocs"] = (new("/docs", 200), new("/docs/x", 404)),
    };
}
