namespace ClickToDial.Sip.Parsing;

/// <summary>Bounds on what is read from a peer. They are checked as bytes arrive, before anything is kept.</summary>
public sealed record SipLimits
{
    public static SipLimits Default { get; } = new();

    /// <summary>Whole message in bytes. Default 65535, the largest datagram.</summary>
    public int MaxMessageBytes { get; init; } = 65_535;

    /// <summary>Start line and headers in bytes. Default 32768.</summary>
    public int MaxHeadBytes { get; init; } = 32_768;

    /// <summary>One header field with its folded lines, in bytes. Default 8192.</summary>
    public int MaxLineBytes { get; init; } = 8_192;

    /// <summary>Header fields in one message. Default 128.</summary>
    public int MaxHeaders { get; init; } = 128;
}
