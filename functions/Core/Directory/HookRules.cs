using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.Core.Directory;

/// <summary>What is wrong with a domain's hooks. Never repeats a secret.</summary>
public static class HookRules
{
    public static IEnumerable<string> Faults(DomainHooks hooks)
    {
        if (hooks.Url is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0))
            yield return "url must be an http or https address without a user name";
        if (hooks.TimeoutSeconds is < 1 or > 30) yield return "timeoutSeconds must be 1 to 30";
        if (hooks.Url is null || hooks.Signing == HookSigning.None) yield break;
        if (hooks.Secret is { } secret && secret.Contains(SeedRules.Placeholder, StringComparison.Ordinal)) yield return "secret is still a placeholder";
        else if (hooks.Signing == HookSigning.StandardWebhooks && !StandardWebhook.TryReadSecret(hooks.Secret, out _))
            yield return "secret must be whsec_ and 24 to 64 bytes in base64";
        else if (hooks.Signing == HookSigning.Wcs && hooks.Secret is not { Length: >= 16 }) yield return "secret must have at least 16 characters";
    }
}
