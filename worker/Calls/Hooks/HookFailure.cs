namespace ClickToDial.Calls.Hooks;

/// <summary>Why there is no good answer.</summary>
internal enum HookTrouble
{
    /// <summary>The back end said something other than 200.</summary>
    Refused,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>Nothing within the time limit.</summary>
    TimedOut,

    /// <summary>200, with a body that is too large or no JSON object.</summary>
    Unreadable,
}

/// <param name="Status">The HTTP status, or null.</param>
/// <param name="Slug">What the back end gave as reason in problem details, or null.</param>
internal sealed record HookFailure(HookTrouble Trouble, int? Status = null, string? Slug = null)
{
    /// <summary>Refusing is the back end's right; everything else is a fault that may be gone the next time.</summary>
    public HookRefusal ToRefusal() => Trouble switch
    {
        HookTrouble.Refused when Status is >= 400 and < 500 => new HookRefusal(403, Slug ?? "hook-refused"),
        HookTrouble.Refused => new HookRefusal(503, Slug ?? "hook-failed"),
        HookTrouble.TimedOut => new HookRefusal(503, "hook-timeout"),
        HookTrouble.Unreadable => new HookRefusal(503, "hook-unreadable"),
        _ => new HookRefusal(503, "hook-unreachable"),
    };
}
