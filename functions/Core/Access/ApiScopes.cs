namespace ClickToDial.Core.Access;

/// <summary>What an API key may do.</summary>
[Flags]
public enum ApiScopes
{
    None = 0,

    /// <summary><c>calls:write</c>: originate and hang up.</summary>
    CallsWrite = 1,

    /// <summary><c>calls:read</c>: query calls and their events.</summary>
    CallsRead = 2,

    /// <summary><c>sessions</c>: issue session tokens.</summary>
    Sessions = 4,

    /// <summary><c>webhooks</c>: manage webhook subscriptions.</summary>
    Webhooks = 8,

    /// <summary><c>admin</c>: manage the directory of the domain.</summary>
    Admin = 16,

    /// <summary><c>buttons</c>: build buttons, forms and scripts. Administrators may too.</summary>
    Buttons = 32,
}
