namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>What was asked of large tables.</summary>
/// <param name="Requests">Pages asked for.</param>
/// <param name="Given">Rows in the answers.</param>
/// <param name="Looked">Rows that were looked at for them.</param>
public sealed record LargeReads(long Requests, long Given, long Looked)
{
    public static LargeReads operator -(LargeReads now, LargeReads before) =>
        new(now.Requests - before.Requests, now.Given - before.Given, now.Looked - before.Looked);
}
