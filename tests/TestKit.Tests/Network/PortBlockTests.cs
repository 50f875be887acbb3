using ClickToDial.TestKit.Network;

namespace ClickToDial.TestKit.Tests.Network;

public sealed class PortBlockTests
{
    [Fact]
    public void TwoBlocks_ShareNoPort()
    {
        using var one = PortBlock.Take();
        using var other = PortBlock.Take();

        Assert.True(Math.Abs(one.Next() - other.Next()) >= PortBlock.Size);
    }

    [Fact]
    public void Range_BeginsEvenAndDoesNotOverlap()
    {
        using var block = PortBlock.Take();
        var single = block.Next();
        var (first, last) = block.NextRange(10);

        Assert.Equal(0, first % 2);
        Assert.True(first > single);
        Assert.Equal(first + 9, last);
        Assert.Equal(last + 1, block.Next());
    }

    [Fact]
    public void PortsOfTheProcess_AreNeverGivenTwice()
    {
        const int More = PortBlock.Size + 20;
        Assert.Equal(More, Enumerable.Range(0, More).Select(_ => PortBlock.NextOfProcess()).Distinct().Count());
    }

    [Fact]
    public void UsedUpBlock_SaysSo()
    {
        using var block = PortBlock.Take();
        block.NextRange(PortBlock.Size);

        Assert.Throws<InvalidOperationException>(() => block.Next());
    }
}
