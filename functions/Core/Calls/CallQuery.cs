using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Calls;

/// <summary>Which calls of a domain are wanted, newest first.</summary>
/// <param name="From">Earliest begin, inclusive.</param>
/// <param name="To">Latest begin, exclusive.</param>
/// <param name="After">Position of the last call of the page before, or null for the first page.</param>
public sealed record CallQuery(
    string Domain,
    int Limit,
    string? User = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    CallState? State = null,
    CallResult? Result = null,
    string? After = null)
{
    /// <summary>Calls of these users only; empty for all. <see cref="User"/> is one more.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>So many calls are passed over before the page begins.</summary>
    public int Offset { get; init; }

    /// <summary>Only calls that have ended.</summary>
    public bool EndedOnly { get; init; }

    /// <summary>Offset and limit together, at most: what is passed over has to be read too.</summary>
    public const int MaxReach = 20_000;

    public IReadOnlyList<string> AllUsers => User is null ? Users : [.. Users.Append(User).Distinct(StringComparer.Ordinal)];

    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>Not every call of the time asked for is wanted.</summary>
    public bool IsFiltered => IsSearch || EndedOnly;

    /// <summary>Few of the calls looked at may be wanted; without it nearly all are.</summary>
    public bool IsSearch => State is not null || Result is not null;

    public bool Matches(CallRecord row) =>
        (!EndedOnly || !row.IsOpen) && (State is null || State == row.State) && (Result is null || Result == row.Outcome?.Result);
}
