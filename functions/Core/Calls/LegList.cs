using System.Collections.Immutable;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Calls;

public sealed record LegList(ImmutableArray<LegSummary> Items) : ValueList<LegSummary>(Items)
{
    public static LegList Empty { get; } = new([]);
}
