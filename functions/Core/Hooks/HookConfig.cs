using System.Text.Json.Nodes;

namespace ClickToDial.Core.Hooks;

/// <summary>
/// What we ask of whoever asks us (<c>restClientConfig</c>): a call that we refuse does not happen, whom we name is called, and nothing of
/// the SIP account goes to the browser (F2, F4).
/// </summary>
public static class HookConfig
{
    /// <summary>Everything of a SIP account, and whom a call really goes to.</summary>
    public const string Secrets =
        "sipLogin,sipPassword,sipAuthenticationName,sipVisibleName,sipDomain,sipOutboundProxy,sipProxy,sipPort,sipContactParams,callee,caller,sipMessageRaw";

    private const string Overwritten = "callee,caller,visibleName,maxDurationSeconds";

    private static readonly string[] Told = ["ConnectionStatusEvent", "RegistrationStatusEvent", "CallStatusEvent", "TransferStatusEvent"];

    public static JsonObject Write()
    {
        var config = new JsonObject
        {
            [HookMethods.Connect] = Rule("FAIL", "OVERWRITE", "sipLogin,sipAuthenticationName,sipVisibleName,sipDomain"),
            [HookMethods.Call] = Rule("FAIL", "OVERWRITE", Overwritten),
            [HookMethods.Transfer] = Rule("FAIL", "OVERWRITE", "target"),
            [HookMethods.Incoming] = Rule("FAIL", "NOTIFY", null),
        };
        foreach (var method in Told) config[method] = Rule("LOG", "NOTIFY", null);
        return config;
    }

    private static JsonObject Rule(string onError, string policy, string? overwrite)
    {
        var rule = new JsonObject { ["restOnError"] = onError, ["restPolicy"] = policy, ["clientExclude"] = Secrets };
        if (overwrite is not null) rule["restOverwrite"] = overwrite;
        return rule;
    }
}
