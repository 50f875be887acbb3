using System.Text.RegularExpressions;
using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Checks;

/// <summary>Whoever is woken finds what to do.</summary>
[Trait("row", "B5")]
public sealed partial class AlertTests
{
    [Fact(DisplayName = "B5: every alert has its row in the runbook, and every row its alert")]
    public void Every_alert_has_a_row_and_every_row_an_alert()
    {
        var bicep = Templates.Text("infra/modules/alerts.bicep");
        var alerts = Queried().Matches(bicep).Concat(Own().Matches(bicep)).Select(m => m.Groups[1].Value).ToList();
        var readme = Templates.Text("infra/README.md");
        var rows = Row().Matches(readme[readme.IndexOf("## Runbook", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value).ToList();
        Assert.Contains("calls-failing", alerts);
        Assert.Contains("expiry", alerts);
        Assert.Equal(alerts.Order(), rows.Order());
    }

    // Entries of the variable from which the query alerts are made; then those that are resources of their own.
    [GeneratedRegex("^    name: '([a-z-]+)'$", RegexOptions.Multiline)]
    private static partial Regex Queried();

    [GeneratedRegex(@"^  name: '\$\{names\.alert\}-([a-z-]+)'$", RegexOptions.Multiline)]
    private static partial Regex Own();

    [GeneratedRegex(@"^\| `([a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
