namespace ClickToDial.Sip.Resolution;

/// <summary>The order in which SRV targets are tried (RFC 2782).</summary>
internal static class SrvOrder
{
    /// <summary>
    /// Lowest priority first; within one priority drawn at random, each with a chance in proportion to its weight.
    /// <paramref name="random"/> gives a number from 0 up to, not including, its argument.
    /// </summary>
    public static IReadOnlyList<SrvRecord> Of(IEnumerable<SrvRecord> records, Func<int, int> random)
    {
        List<SrvRecord> order = [];
        foreach (var group in records.GroupBy(r => r.Priority).OrderBy(g => g.Key))
        {
            // Weightless ones first, so that they have the small chance that the draw of 0 gives them.
            List<SrvRecord> left = [.. group.OrderBy(r => r.Weight)];
            while (left.Count > 0)
            {
                var chosen = Draw(left, random);
                order.Add(left[chosen]);
                left.RemoveAt(chosen);
            }
        }
        return order;
    }

    private static int Draw(List<SrvRecord> left, Func<int, int> random)
    {
        var ticket = random(left.Sum(r => r.Weight) + 1);
        for (var i = 0; i < left.Count; i++)
        {
            if (ticket <= left[i].Weight) return i;
            ticket -= left[i].Weight;
        }
        return left.Count - 1;
    }
}
