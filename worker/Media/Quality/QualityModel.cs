namespace ClickToDial.Media.Quality;

/// <summary>How good a conversation probably was.</summary>
/// <param name="Rating">R of ITU-T G.107, 0 to 93.2; below 50 nearly all users are dissatisfied, above 80 most are satisfied.</param>
/// <param name="MeanOpinionScore">1.0 to 4.5, from the rating by G.107 annex B.</param>
public readonly record struct QualityEstimate(double Rating, double MeanOpinionScore);

/// <summary>
/// The E-model (ITU-T G.107) with every parameter at its default but delay, codec and loss: R = 94.77 - 1.41 - Id - Ie,eff,
/// which is 93.2 for a perfect line.
/// </summary>
public static class QualityModel
{
    // What the defaults of G.107 table 2 make of Ro (signal to noise) and Is (simultaneous impairments).
    private const double SignalToNoise = 94.77;
    private const double Simultaneous = 1.41;
    private const double TalkerEchoLoudness = 65; // TELR, dB
    private const double WeightedEchoPathLoss = 110; // WEPL, dB

    /// <param name="lossFraction">Packets lost, or too late to be played, 0 to 1.</param>
    /// <param name="burstRatio">1 for loss at random, above 1 when it comes in bursts; see <see cref="LossBursts"/>.</param>
    /// <param name="mouthToEar">One way; see <see cref="MouthToEar"/>.</param>
    public static QualityEstimate Estimate(CodecImpairment codec, double lossFraction, double burstRatio, TimeSpan mouthToEar)
    {
        var delay = Math.Max(0, mouthToEar.TotalMilliseconds);
        var impairment = DelayImpairment(delay) + EquipmentImpairment(codec, Math.Clamp(lossFraction, 0, 1), Math.Max(1, burstRatio));
        var rating = Math.Max(0, SignalToNoise - Simultaneous - impairment);
        return new QualityEstimate(rating, ToMeanOpinionScore(rating));
    }

    /// <summary>G.107 annex B.</summary>
    public static double ToMeanOpinionScore(double rating) => rating switch
    {
        <= 0 => 1,
        >= 100 => 4.5,
        _ => Math.Max(1, 1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6)),
    };

    // Ie,eff (G.107 section 7.5): loss takes a growing part of what the codec left.
    private static double EquipmentImpairment(CodecImpairment codec, double lossFraction, double burstRatio)
    {
        var percent = 100 * lossFraction;
        if (percent <= 0) return codec.Equipment;
        return codec.Equipment + ((95 - codec.Equipment) * percent / ((percent / burstRatio) + codec.Robustness));
    }

    // Id = Idte + Idle + Idd (G.107 section 7.4), delays in ms.
    private static double DelayImpairment(double delay) => TalkerEcho(delay) + ListenerEcho(2 * delay) + Absolute(delay);

    private static double TalkerEcho(double delay)
    {
        var loudness = TalkerEchoLoudness - (40 * Math.Log10((1 + (delay / 10)) / (1 + (delay / 150)))) + (6 * Math.Exp(-0.3 * delay * delay));
        var half = (SignalToNoise - (80 + (2.5 * (loudness - 14)))) / 2;
        return (half + Math.Sqrt((half * half) + 100) - 1) * (1 - Math.Exp(-delay));
    }

    private static double ListenerEcho(double roundTrip)
    {
        var half = (SignalToNoise - (10.5 * (WeightedEchoPathLoss + 7) * Math.Pow(roundTrip + 1, -0.25))) / 2;
        return half + Math.Sqrt((half * half) + 169);
    }

    private static double Absolute(double delay)
    {
        if (delay <= 100) return 0;
        var x = Math.Log2(delay / 100);
        return 25 * (Math.Pow(1 + Math.Pow(x, 6), 1 / 6.0) - (3 * Math.Pow(1 + Math.Pow(x / 3, 6), 1 / 6.0)) + 2);
    }
}

/// <summary>The one-way delay that a listener has, from what the packets show.</summary>
public static class MouthToEar
{
    /// <param name="roundTrip">From RTCP; null when the peer sends none, which counts as 0.</param>
    /// <param name="jitter">Interarrival jitter (RFC 3550 section 6.4.1). A playout buffer is taken to hold twice that.</param>
    /// <param name="packetTime">Sound in each packet.</param>
    public static TimeSpan Of(TimeSpan? roundTrip, TimeSpan jitter, TimeSpan packetTime) => ((roundTrip ?? TimeSpan.Zero) / 2) + (2 * jitter) + packetTime;
}
