namespace ClickToDial.Core.Problems;

/// <summary>
/// Why a request is refused, as the caller sees it (RFC 9457): <see cref="Reason"/> is a stable slug that never changes its
/// meaning, <see cref="Type"/> is the URN made of it, <see cref="Detail"/> is for people and never carries a secret, a number
/// or text of an exception.
/// </summary>
public sealed record Problem(string Reason, int Status, string Title)
{
    public const string TypePrefix = "urn:clicktodial:problem:";

    public string Type => TypePrefix + Reason;

    public string? Detail { get; init; }

    /// <summary>The member of the body, query or header that is at fault.</summary>
    public string? Field { get; init; }

    /// <summary>Seconds after which the same request may succeed; null when it never will.</summary>
    public int? RetryAfterSeconds { get; init; }
}
