using ClickToDial.Media.Quality;

namespace ClickToDial.Media.Tests.Quality;

public sealed class LossBurstsTests
{
    [Fact]
    public void Nothing_lost_is_no_loss_and_no_burst()
    {
        var bursts = After(Enumerable.Range(65000, 2000)); // across the wrap
        Assert.Equal((0.0, 1.0), (bursts.LossFraction, bursts.BurstRatio));
    }

    [Fact]
    public void Loss_at_random_has_a_ratio_of_about_one()
    {
        var random = new Random(8);
        var bursts = After(Enumerable.Range(0, 60000).Where(_ => random.NextDouble() > 0.1));
        Assert.InRange(bursts.LossFraction, 0.09, 0.11);
        Assert.InRange(bursts.BurstRatio, 1, 1.05);
    }

    [Fact]
    public void Runs_of_ten_have_a_ratio_near_ten()
    {
        var bursts = After(Enumerable.Range(0, 10000).Where(i => i % 200 >= 10));
        Assert.Equal(0.05, bursts.LossFraction, 0.002);
        Assert.Equal(10 * 0.95, bursts.BurstRatio, 0.2);
    }

    [Fact]
    public void An_overtaken_packet_counts_as_lost_and_a_duplicate_as_nothing()
    {
        var bursts = After([1, 2, 4, 3, 4, 5]);
        Assert.Equal(1 / 5.0, bursts.LossFraction);
    }

    [Fact]
    public void A_sender_that_begins_anew_is_not_loss() => Assert.Equal(0, After([1, 2, 30000, 30001, 10, 11]).LossFraction);

    private static LossBursts After(IEnumerable<int> sequences)
    {
        var bursts = new LossBursts();
        foreach (var sequence in sequences) bursts.Update((ushort)sequence);
        return bursts;
    }
}
