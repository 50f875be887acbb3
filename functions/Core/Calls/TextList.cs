using System.Collections.Immutable;

namespace ClickToDial.Core.Calls;

public sealed record TextList(ImmutableArray<string> Items) : ValueList<string>(Items)
{
    public static TextList Empty { get; } = new([]);

    /// <summary>As a set in ordinal order.</summary>
    public TextList With(string item) =>
        Items.Contains(item) ? this : new([.. Items.Add(item).Sort(StringComparer.Ordinal)]);
}
