namespace ClickToDial.Media.Codecs;

/// <summary>The constants of ITU-T G.722, by the names of its tables where it has any.</summary>
internal static class G722Tables
{
    /// <summary>The 24 symmetric taps of the quadrature mirror filters (table 11), first half.</summary>
    private static readonly int[] HalfOfMirror = [3, -11, -11, 53, 12, -156, 32, 362, -210, -805, 951, 3876];

    public static readonly int[] Mirror = [.. HalfOfMirror, .. HalfOfMirror.Reverse()];

    /// <summary>Decision levels of the 6-bit quantiser in units of step / 4096 (Q6).</summary>
    public static readonly int[] LowerDecisions =
    [
        0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765,
        1980, 2195, 2557, 2919,
    ];

    /// <summary>Code of a decision interval 1 to 30, for differences below zero (ILN) and others (ILP).</summary>
    public static readonly byte[] LowerNegative = [0, 63, 62, .. Enumerable.Range(0, 28).Select(i => (byte)(31 - i))];

    public static readonly byte[] LowerPositive = [0, .. Enumerable.Range(0, 30).Select(i => (byte)(61 - i))];

    /// <summary>Quantised differences in units of step / 32768 of the 4 upper bits of a code (QM4): the embedded core that predicts.</summary>
    public static readonly int[] Lower4 =
        [0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0];

    /// <summary>Quantised differences of all 6 bits (QM6).</summary>
    public static readonly int[] Lower6 =
    [
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
        -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
        24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
        4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
    ];

    /// <summary>Quantised differences of the upper band (QM2).</summary>
    public static readonly int[] Upper2 = [-7408, -1616, 7408, 1616];

    /// <summary>How the step's logarithm moves after the 4 upper bits of a lower code (WL by way of RL42), and after an upper code (WH by way of RH2).</summary>
    public static readonly int[] LowerWeights = [-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60];

    public static readonly int[] UpperWeights = [798, -214, 798, -214];

    /// <summary>2^(i/32), times 2048 (ILB).</summary>
    public static readonly int[] Antilogarithm =
    [
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
    ];
}
