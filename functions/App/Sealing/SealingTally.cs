namespace ClickToDial.App.Sealing;

/// <summary>What one walk has come to.</summary>
public sealed class SealingTally
{
    private readonly Dictionary<(string Table, string Key), long> _unreadable = [];

    public long Resealed { get; private set; }

    /// <summary>Rows left under other keys, for the next walk.</summary>
    public long Older { get; private set; }

    /// <summary>Rows that could not be opened, by table and the key that they name.</summary>
    public IReadOnlyDictionary<(string Table, string Key), long> Unreadable => _unreadable;

    public void Count(SealingFate fate, string table, string key)
    {
        if (fate == SealingFate.Resealed) Resealed++;
        if (fate == SealingFate.Left) Older++;
        if (fate == SealingFate.Unreadable) _unreadable[(table, key)] = _unreadable.GetValueOrDefault((table, key)) + 1;
    }
}
