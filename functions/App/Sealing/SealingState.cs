namespace ClickToDial.App.Sealing;

/// <summary>How far all that is stored is sealed with the present key.</summary>
/// <param name="Key">Id of the key that seals.</param>
/// <param name="Since">When it was first seen to.</param>
/// <param name="WalkedAt">When the last walk through all rows ended; null before the first.</param>
/// <param name="Older">Rows that walk left under other keys.</param>
/// <param name="Unreadable">Rows that could not be opened.</param>
public sealed record SealingState(string Key, DateTimeOffset Since, DateTimeOffset? WalkedAt = null, long Older = 0, long Unreadable = 0)
{
    /// <summary>What was counted longer ago says nothing of now.</summary>
    private static readonly TimeSpan CountsFor = TimeSpan.FromHours(3);

    public bool IsDone => WalkedAt is not null && Older == 0;

    public SealingView ViewAt(DateTimeOffset now) => new(Key, WordAt(now), Older, Unreadable, WalkedAt);

    private string WordAt(DateTimeOffset now)
    {
        if (WalkedAt is not { } walked || now - walked > CountsFor) return "waiting";
        if (Older > 0) return "working";
        return Unreadable > 0 ? "unreadable" : "done";
    }
}
