namespace ClickToDial.Core.Pbx;

/// <param name="Groups">Of these queues, ring groups or calls only; empty for all.</param>
/// <param name="From">Earliest, inclusive.</param>
/// <param name="To">Latest, exclusive.</param>
/// <param name="After">Position of the last of the page before, or null.</param>
/// <param name="Offset">So many are passed over first.</param>
public sealed record PbxItemQuery(
    string Domain,
    PbxItemKind Kind,
    int Limit,
    IReadOnlyList<string> Groups,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? After = null,
    int Offset = 0);
