namespace ClickToDial.Core.Calls;

public enum IdempotencyStep
{
    /// <summary>A new request: check, keep, dial.</summary>
    Begin,

    /// <summary>Kept but the worker has not taken it as far as we know: send the same command again.</summary>
    Resume,

    /// <summary>Done before: answer as then.</summary>
    Replay,

    /// <summary>The key was used with another body.</summary>
    Conflict,
}
