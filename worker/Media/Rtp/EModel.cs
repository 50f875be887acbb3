namespace ClickToDial.Media.Rtp;

/// <summary>
/// The estimate of ITU-T G.107 with its default values and only delay and loss varying: R = 93.2 - Id - Ie,eff, then MOS from R
/// (G.107 annex B). Ie and Bpl are those of ITU-T G.113 appendix I; loss is taken as random.
/// </summary>
public static class EModel
{
    /// <param name="codec">Encoding name; unknown ones are judged as G.711 without concealment.</param>
    /// <param name="lossFraction">0 to 1.</param>
    /// <param name="oneWayDelayMilliseconds">Mouth to ear: half the round trip, packetisation and the jitter buffer.</param>
    /// <returns>1.0 to 4.5.</returns>
    public static double MeanOpinionScore(string? codec, double lossFraction, double oneWayDelayMilliseconds)
    {
        var (ie, robustness) = codec?.ToUpperInvariant() switch
        {
            "PCMU" or "PCMA" => (0.0, 25.1), // with packet-loss concealment, which phones do
            "G722" => (13.0, 20.0),
            "OPUS" => (0.0, 30.0),
            _ => (0.0, 4.3),
        };
        var loss = Math.Clamp(lossFraction, 0, 1) * 100;
        var impairment = ie + ((95 - ie) * loss / (loss + robustness));
        var delay = Math.Max(0, oneWayDelayMilliseconds);
        var delayImpairment = (0.024 * delay) + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
        return FromRating(93.2 - delayImpairment - impairment);
    }

    private static double FromRating(double rating) => rating switch
    {
        <= 0 => 1.0,
        >= 100 => 4.5,
        _ => Math.Clamp(1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6), 1.0, 4.5),
    };
}
