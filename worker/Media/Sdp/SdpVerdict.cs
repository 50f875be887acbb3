namespace ClickToDial.Media.Sdp;

/// <summary>Why a session description was refused; <see cref="Ok"/> when it was not.</summary>
public enum SdpVerdict
{
    Ok,

    /// <summary>More bytes, lines or media than <see cref="SdpLimits"/> allows.</summary>
    TooLarge,

    /// <summary>It does not begin with v=0 (RFC 8866 section 5.1).</summary>
    BadVersion,

    /// <summary>The o= line is missing or has not six fields (RFC 8866 section 5.2).</summary>
    BadOrigin,

    /// <summary>A line is not of the form letter, '=', value.</summary>
    BadLine,

    /// <summary>A c= line without network type, address type and address (RFC 8866 section 5.7).</summary>
    BadConnection,

    /// <summary>An m= line without media, port, protocol and at least one format (RFC 8866 section 5.14).</summary>
    BadMedia,
}

/// <summary>Bounds checked while a description is read.</summary>
/// <param name="Bytes">Whole description.</param>
/// <param name="Lines">Lines of all kinds.</param>
/// <param name="Media">m= lines.</param>
/// <param name="Formats">Formats in one m= line.</param>
public sealed record SdpLimits(int Bytes = 16 * 1024, int Lines = 512, int Media = 16, int Formats = 64)
{
    public static SdpLimits Default { get; } = new();
}
