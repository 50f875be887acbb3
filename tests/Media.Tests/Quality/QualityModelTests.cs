using ClickToDial.Media.Quality;

namespace ClickToDial.Media.Tests.Quality;

public sealed class QualityModelTests
{
    [Fact]
    public void A_perfect_line_has_the_rating_of_the_recommendation()
    {
        var estimate = QualityModel.Estimate(CodecImpairment.ConcealedG711, 0, 1, TimeSpan.Zero);
        Assert.Equal(93.2, estimate.Rating, 0.05);
        Assert.Equal(4.41, estimate.MeanOpinionScore, 0.01);
    }

    [Theory(DisplayName = "G.107 table B.1: rating and score")]
    [InlineData(90, 4.34)]
    [InlineData(80, 4.03)]
    [InlineData(70, 3.60)]
    [InlineData(60, 3.10)]
    [InlineData(50, 2.58)]
    public void Ratings_have_the_published_scores(double rating, double score) => Assert.Equal(score, QualityModel.ToMeanOpinionScore(rating), 0.015);

    [Fact]
    public void Scores_stay_between_one_and_four_and_a_half()
    {
        Assert.Equal(1, QualityModel.ToMeanOpinionScore(-5));
        Assert.Equal(1, QualityModel.ToMeanOpinionScore(2)); // the polynomial dips below 1 there
        Assert.Equal(4.5, QualityModel.ToMeanOpinionScore(120));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(50, 1.2)]
    [InlineData(100, 2.4)]
    [InlineData(150, 3.6)]
    [InlineData(200, 7.3)]
    [InlineData(300, 20.7)]
    [InlineData(400, 34.1)]
    public void Delay_costs_what_the_well_known_straight_lines_through_the_model_say(double milliseconds, double expected)
    {
        // 0.024 d + 0.11 (d - 177.3) above 177.3 ms: the fit of Cole and Rosenbluth (2001), within 4.
        var estimate = QualityModel.Estimate(CodecImpairment.ConcealedG711, 0, 1, TimeSpan.FromMilliseconds(milliseconds));
        Assert.InRange(93.2 - estimate.Rating, expected - 4, expected + 4);
    }

    [Theory]
    [InlineData(0.01, 4.3, 95 * 1 / 5.3)]
    [InlineData(0.05, 4.3, 95 * 5 / 9.3)]
    [InlineData(0.01, 25.1, 95 * 1 / 26.1)]
    [InlineData(0.05, 25.1, 95 * 5 / 30.1)]
    [InlineData(0.20, 25.1, 95 * 20 / 45.1)]
    public void Loss_at_random_costs_what_the_formula_says(double loss, double robustness, double expected)
    {
        var clean = QualityModel.Estimate(new CodecImpairment(0, robustness), 0, 1, TimeSpan.Zero).Rating;
        var lossy = QualityModel.Estimate(new CodecImpairment(0, robustness), loss, 1, TimeSpan.Zero).Rating;
        Assert.Equal(expected, clean - lossy, 0.001);
    }

    [Fact]
    public void The_same_loss_in_bursts_costs_more()
    {
        var random = QualityModel.Estimate(CodecImpairment.BareG711, 0.05, 1, TimeSpan.Zero);
        var bursts = QualityModel.Estimate(CodecImpairment.BareG711, 0.05, 3, TimeSpan.Zero);
        Assert.True(bursts.Rating < random.Rating - 5);
    }

    [Fact]
    public void Worse_never_scores_better()
    {
        for (var loss = 0.0; loss < 1; loss += 0.05)
            for (var delay = 0; delay < 1000; delay += 50)
            {
                var here = At(loss, delay);
                Assert.True(At(loss + 0.05, delay) <= here);
                Assert.True(At(loss, delay + 50) <= here + 0.001);
            }

        static double At(double loss, double delay) =>
            QualityModel.Estimate(CodecImpairment.ConcealedG711, loss, 1, TimeSpan.FromMilliseconds(delay)).MeanOpinionScore;
    }

    [Fact]
    public void Nonsense_stays_on_the_scale()
    {
        var worst = QualityModel.Estimate(CodecImpairment.BareG711, 7, -3, TimeSpan.FromHours(1));
        Assert.Equal(new QualityEstimate(0, 1), worst);
        Assert.Equal(93.2, QualityModel.Estimate(CodecImpairment.BareG711, -1, 0, TimeSpan.FromSeconds(-1)).Rating, 0.05);
    }

    [Fact]
    public void Wideband_is_not_marked_below_narrow_band()
    {
        foreach (var name in new[] { "pcmu", "PCMA", "G722", "opus" }) Assert.Equal(CodecImpairment.ConcealedG711, CodecImpairment.Of(name));
        Assert.Equal(CodecImpairment.BareG711, CodecImpairment.Of("speex"));
        Assert.Equal(CodecImpairment.BareG711, CodecImpairment.Of(null));
    }

    [Fact]
    public void Mouth_to_ear_adds_half_the_round_trip_the_buffer_and_a_packet()
    {
        Assert.Equal(Ms(50 + 20 + 20), MouthToEar.Of(Ms(100), Ms(10), Ms(20)));
        Assert.Equal(Ms(20), MouthToEar.Of(null, TimeSpan.Zero, Ms(20)));

        static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);
    }
}
