using ClickToDial.Calls.Trunks;

namespace ClickToDial.Calls.Bridging;

/// <summary>How a leg came to be rung: a phone answered with a 3xx, as its user has set a forward.</summary>
/// <param name="By">The user whose phone it was.</param>
/// <param name="Called">What that user was called by: a number or a name.</param>
/// <param name="To">What is called instead: a user's name, or a number outside.</param>
/// <param name="WasRung">The phone rang before: then nobody has answered it.</param>
/// <param name="Before">How that phone came to be rung; null where the call was for its user.</param>
internal sealed record Redirection(string By, string Called, string To, bool WasRung, Redirection? Before)
{
    private const int MovedTemporarily = 302;

    /// <summary>The servers that it may try; null where it goes to phones of ours.</summary>
    public TrunkHunt? Hunt { get; set; }

    /// <summary>Shown outside in place of who called, by the word of who let it through; null for what the call has.</summary>
    public string? CallerId { get; init; }

    /// <summary>The longest talk with who answers, as was said when this one was let through; null where nothing was.</summary>
    public TimeSpan? MaxDuration { private get; init; }

    /// <summary>The shortest that was said on the way; null where only the call's own limit counts.</summary>
    public TimeSpan? Longest => Before?.Longest is { } before && !(MaxDuration < before) ? before : MaxDuration;

    /// <summary>It would come back to somebody whose phone has sent it on.</summary>
    public bool IsCircle => IsBy(To);

    /// <summary>How the call was sent on, this one included.</summary>
    /// <param name="before">How it was before any phone of ours did.</param>
    public Diversions After(Diversions before, string domain) =>
        (Before?.After(before, domain) ?? before).With(Called, domain, WasRung ? "no-answer" : "unconditional", MovedTemporarily);

    private bool IsBy(string user) => By == user || (Before?.IsBy(user) ?? false);
}
