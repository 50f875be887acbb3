using ClickToDial.Core.Calls;
using FsCheck;
using FsCheck.Fluent;

namespace ClickToDial.Core.Tests.Calls;

public sealed class SequenceSetTests
{
    [Theory]
    [InlineData(new int[0], "", true)]
    [InlineData(new[] { 1 }, "1", true)]
    [InlineData(new[] { 3, 1, 2 }, "1-3", true)]
    [InlineData(new[] { 2, 3 }, "2-3", false)]
    [InlineData(new[] { 5, 1, 2, 7, 6 }, "1-2,5-7", false)]
    public void Numbers_AreWrittenAsRanges(int[] numbers, string text, bool noGap)
    {
        var set = Of(numbers);

        Assert.Equal(text, set.ToString());
        Assert.Equal(noGap, set.HasNoGap);
        Assert.Equal(set, SequenceSet.Parse(text));
    }

    [Fact]
    public void AnyNumbers_BehaveAsASet() => Prop.ForAll(
        Gen.Choose(1, 40).ArrayOf().ToArbitrary(),
        numbers =>
        {
            var set = Of(numbers);
            var expected = numbers.ToHashSet();
            return set.Count == expected.Count
                && Enumerable.Range(0, 42).All(n => set.Contains(n) == expected.Contains(n))
                && set.Max == numbers.DefaultIfEmpty(0).Max()
                && SequenceSet.Parse(set.ToString()).Equals(set);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static SequenceSet Of(IEnumerable<int> numbers) => numbers.Aggregate(SequenceSet.Empty, (set, n) => set.Add(n));
}
