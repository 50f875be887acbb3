using System.Text.Json.Nodes;
using ClickToDial.App.Calls;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Hooks;

/// <summary>
/// Numbers outside that phones dial by SIP, have calls transferred to, or have calls sent on to: they pass the guard like calls that are
/// begun here (B1), and count together with them.
/// </summary>
public sealed class PhoneDesk(CallGuard guard)
{
    public async Task<Result<JsonObject>> DialAsync(DirectoryView view, JsonObject asked, CancellationToken stop)
    {
        if (JsonBody.Text(asked["domain"]) is not { } name || !view.Domains.ContainsKey(name)) return KnownProblems.DomainNotAllowed;
        if (JsonBody.Text(asked["user"]) is not { } user) return KnownProblems.UserUnknown;
        if (HookFields.Mark(asked) is not { } mark) return KnownProblems.FieldInvalid with { Field = "callId" };
        if (JsonBody.Text(asked["callee"]) is not { } callee || !DestinationName.IsE164(callee)) return KnownProblems.DestinationInvalid with { Field = "callee" };
        var request = new CallRequest(user, callee, null, Prompt: false, CallRequest.DefaultRingSeconds, name);
        var allowed = await guard.CheckAsync(Principal.OfPhone(name, user, HookFields.From(asked)), request, mark, stop);
        if (!allowed.IsOk) return allowed.Problem;
        asked.Remove("clientAddress");
        asked.Remove("attempt");
        asked["maxDurationSeconds"] = allowed.Value.Policy.MaxCallSeconds;
        return asked;
    }
}
