namespace ClickToDial.Media.Srtp;

/// <summary>What became of one packet. Anything but <see cref="Accepted"/> means: drop it.</summary>
public enum SrtpVerdict
{
    Accepted,

    /// <summary>No RTP or RTCP, or too short to carry its header and tag.</summary>
    Malformed,

    /// <summary>The buffer has no room for tag, key id and index; a fault of the caller.</summary>
    NoRoom,

    /// <summary>The tag is not that of this key over these octets.</summary>
    AuthenticationFailed,

    /// <summary>Seen before (or, when sending, sent before: the same keystream must never be used twice).</summary>
    Replayed,

    /// <summary>Older than the replay window reaches.</summary>
    TooOld,

    /// <summary>Protected under a master key other than the one that was agreed.</summary>
    UnknownKeyId,

    /// <summary>The master key has done the packets it may do (RFC 3711 section 9.2, or the lifetime that was agreed).</summary>
    KeyExpired,

    /// <summary>The peer uses more sources than a call can need.</summary>
    TooManySources,

    /// <summary>The library failed for a reason of its own.</summary>
    Failed,
}

/// <summary>Packets of one session by verdict.</summary>
public readonly record struct SrtpCounters(
    long Accepted, long AuthenticationFailed, long Replayed, long TooOld, long Malformed, long Expired, long Other)
{
    internal SrtpCounters With(SrtpVerdict verdict) => verdict switch
    {
        SrtpVerdict.Accepted => this with { Accepted = Accepted + 1 },
        SrtpVerdict.AuthenticationFailed or SrtpVerdict.UnknownKeyId => this with { AuthenticationFailed = AuthenticationFailed + 1 },
        SrtpVerdict.Replayed => this with { Replayed = Replayed + 1 },
        SrtpVerdict.TooOld => this with { TooOld = TooOld + 1 },
        SrtpVerdict.Malformed => this with { Malformed = Malformed + 1 },
        SrtpVerdict.KeyExpired => this with { Expired = Expired + 1 },
        _ => this with { Other = Other + 1 },
    };
}
