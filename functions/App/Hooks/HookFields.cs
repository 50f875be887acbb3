using System.Net;
using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Json;

namespace ClickToDial.App.Hooks;

/// <summary>What several hook methods say alike.</summary>
internal static class HookFields
{
    /// <summary>What a call is counted under: its id, and which number it is that is dialled for it. Null when they are none.</summary>
    public static string? Mark(JsonObject asked)
    {
        if (!CallId.TryParse(JsonBody.Text(asked["callId"]), out var id)) return null;
        var attempt = asked["attempt"] is null ? 1 : JsonBody.Number(asked["attempt"]);
        return attempt is >= 1 and <= CallMarks.MostAttempts ? CallMarks.Of(id, attempt.Value) : null;
    }

    /// <summary>Where whoever dials is; null where that is not known.</summary>
    public static IPAddress? From(JsonObject asked) => IPAddress.TryParse(JsonBody.Text(asked["clientAddress"]), out var address) ? address : null;
}
