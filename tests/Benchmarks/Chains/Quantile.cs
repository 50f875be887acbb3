namespace ClickToDial.Benchmarks.Chains;

internal static class Quantile
{
    public static double Of(IReadOnlyCollection<double> values, double part)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];
    }
}
