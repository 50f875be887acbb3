using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Rtp;

public sealed class EModelTests
{
    [Fact]
    public void Clean_G711_is_rated_as_the_recommendation_says() => Assert.Equal(4.41, EModel.MeanOpinionScore("PCMA", 0, 0), 2);

    [Fact]
    public void More_loss_and_more_delay_are_never_better()
    {
        var byLoss = Enumerable.Range(0, 101).Select(percent => EModel.MeanOpinionScore("PCMU", percent / 100.0, 50)).ToArray();
        var byDelay = Enumerable.Range(0, 100).Select(step => EModel.MeanOpinionScore("PCMU", 0.01, step * 10)).ToArray();
        Assert.Equal(byLoss.OrderDescending(), byLoss);
        Assert.Equal(byDelay.OrderDescending(), byDelay);
        Assert.All(byLoss.Concat(byDelay), score => Assert.InRange(score, 1.0, 4.5));
    }
}
