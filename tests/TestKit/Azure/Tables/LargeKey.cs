namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>Where a row is.</summary>
public readonly record struct LargeKey(string Partition, string Row)
{
    /// <summary>How the table service orders rows: character by character.</summary>
    public static IComparer<LargeKey> Order { get; } = Comparer<LargeKey>.Create(
        (one, other) => string.CompareOrdinal(one.Partition, other.Partition) is var order and not 0 ? order : string.CompareOrdinal(one.Row, other.Row));
}
