using System.Reflection;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Tests.Problems;

public sealed class KnownProblemsTests
{
    [Fact]
    public void All_ListsEveryProblemOnce()
    {
        var declared = typeof(KnownProblems).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => f.GetValue(null)).OfType<Problem>().ToList();

        Assert.Equal(declared.OrderBy(p => p.Reason), KnownProblems.All.OrderBy(p => p.Reason));
        Assert.Equal(declared.Count, declared.DistinctBy(p => p.Type).Count());
    }

    [Fact]
    public void EveryProblem_HasASlugAnErrorStatusAndASentence() => Assert.All(KnownProblems.All, p =>
    {
        Assert.Matches("^[a-z]+(-[a-z]+)*$", p.Reason);
        Assert.InRange(p.Status, 400, 599);
        Assert.EndsWith(".", p.Title, StringComparison.Ordinal);
        Assert.Equal(p.Status == 503, p.RetryAfterSeconds is not null);
    });
}
