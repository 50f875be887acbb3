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
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>Not every call of the time asked for is wanted.</summary>
    public bool IsFiltered => User is not null || State is not null || Result is not null;

    public bool Matches(CallRecord row) =>
        (User is null || User == row.User) && (State is null || State == row.State) && (Result is null || Result == row.Outcome?.Result);
}
