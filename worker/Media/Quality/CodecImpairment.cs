namespace ClickToDial.Media.Quality;

/// <summary>
/// What a codec costs on the scale of the E-model: by itself, and how well it stands loss (ITU-T G.113 appendix I).
/// </summary>
/// <param name="Equipment">Ie, 0 for none.</param>
/// <param name="Robustness">Bpl: the loss in per cent at which half of what is left is gone; larger is sturdier.</param>
public readonly record struct CodecImpairment(double Equipment, double Robustness)
{
    /// <summary>G.711 whose losses are concealed, as phones and our transcoder do (G.113 table I.4).</summary>
    public static CodecImpairment ConcealedG711 { get; } = new(0, 25.1);

    /// <summary>G.711 whose losses are heard as silence.</summary>
    public static CodecImpairment BareG711 { get; } = new(0, 4.3);

    /// <summary>
    /// By encoding name, whose case does not matter. The narrow-band scale has no figures for G.722 and Opus; without loss they
    /// are no worse than G.711, and they conceal, so they count as concealed G.711. Unknown names count as bare G.711.
    /// </summary>
    public static CodecImpairment Of(string? encodingName) => encodingName?.ToUpperInvariant() switch
    {
        "PCMU" or "PCMA" or "G722" or "OPUS" => ConcealedG711,
        _ => BareG711,
    };
}
