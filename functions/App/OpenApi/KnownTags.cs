namespace ClickToDial.App.OpenApi;

/// <summary>What the groups of operations are about.</summary>
public static class KnownTags
{
    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["buttons"] = "Buttons that agents press: built here, and every version kept.",
        ["calls"] = "Calls that are begun, controlled and followed, and the call log.",
        ["campaign"] = "What agents work through.",
        ["chains"] = "What follows a pressed button, step by step.",
        ["dial"] = "Links that call when their page's button is pressed.",
        ["forms"] = "Forms that agents fill in: built here, and every version kept.",
        ["guard"] = "Limits on calls, and when they were reached.",
        ["integration"] = "Lists of calls and click to call in the form of VoIPLine and VoIPcloud.",
        ["keys"] = "API keys.",
        ["links"] = "Making signed links for one call.",
        ["pbx"] = "Events that PBXes and workers post, and what PBXes told besides calls.",
        ["queue-calls"] = "Calls to queues, as PBXes summed them up.",
        ["recordings"] = "Recordings as audio.",
        ["rest"] = "Login of users by another product's server, and their pages' login.",
        ["ring-group-calls"] = "Calls to ring groups, as PBXes summed them up.",
        ["script-secrets"] = "Secrets that scripts may read, and nobody else.",
        ["script-settings"] = "What scripts may do.",
        ["scripts"] = "Scripts that say what buttons and forms do: built here, and every version kept.",
        ["service"] = "The service itself: its health, its public keys and this description.",
        ["sessions"] = "Session tokens for pages.",
        ["softphone"] = "What an agent's phone shows: buttons, and forms that chains open.",
        ["webhooks"] = "Subscriptions to events, their deliveries, and events that could not be processed.",
    };

    /// <returns>Null for a tag that nobody has described yet.</returns>
    public static string? Describe(string tag) => Descriptions.GetValueOrDefault(tag);
}
