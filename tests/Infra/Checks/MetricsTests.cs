using System.Text.RegularExpressions;
using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Checks;

/// <summary>What alerts, workbook and autoscale ask for is told by some part.</summary>
[Trait("row", "B5")]
public sealed partial class MetricsTests
{
    private static readonly string Root = Templates.Root;

    [Fact(DisplayName = "B5: every metric that the deployment asks for is made by a part, and under that name")]
    public void Every_metric_asked_for_is_told()
    {
        var asked = Directory.EnumerateFiles(Path.Combine(Root, "infra"), "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".bicep", StringComparison.Ordinal) || f.EndsWith(".json", StringComparison.Ordinal))
            .SelectMany(f => Asked().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).Distinct().ToList();
        var told = new[] { "functions", "worker" }.SelectMany(part => Directory.EnumerateFiles(Path.Combine(Root, part), "*Metrics.cs", SearchOption.AllDirectories))
            .SelectMany(f => Told().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Contains("clicktodial.calls.active", asked);
        Faults.None(asked.Except(told));
    }

    [Fact(DisplayName = "B5: every label that a query looks at is one that its metric is told with")]
    public void Every_label_asked_for_is_told()
    {
        var sources = new[] { "functions", "worker" }.SelectMany(part => Directory.EnumerateFiles(Path.Combine(Root, part), "*Metrics.cs", SearchOption.AllDirectories))
            .Select(File.ReadAllText).ToList();
        var asked = new[] { "infra/modules/alerts.bicep", "infra/modules/workbook.json" }.SelectMany(f => Templates.Text(f).Split('\n'))
            .SelectMany(line => Label().Matches(line).Select(label => (Metric: Asked().Match(line).Groups[1].Value, Label: label.Groups[1].Value))).Distinct().ToList();
        Assert.Contains(("clicktodial.calls.ended", "result"), asked);
        Faults.None(asked.Where(a => !sources.Exists(text => text.Contains($"\"{a.Metric}\"", StringComparison.Ordinal) && text.Contains($"\"{a.Label}\"", StringComparison.Ordinal)))
            .Select(a => $"{a.Metric} has no label {a.Label}"));
    }

    [GeneratedRegex("(?:customDimensions|Properties)\\.([A-Za-z_]+)")]
    private static partial Regex Label();

    [GeneratedRegex("['\"](clicktodial\\.[a-z_.]+)\\\\?['\"]")]
    private static partial Regex Asked();

    [GeneratedRegex("\"(clicktodial\\.[a-z_.]+)\"")]
    private static partial Regex Told();
}
