namespace ClickToDial.Core.Sessions;

public enum TokenVerdict
{
    Valid,

    /// <summary>Not three base64url parts of JSON with the claims we need.</summary>
    Malformed,
    TooLarge,

    /// <summary><c>alg</c> is not ES256, or the header has critical extensions (RFC 7515 section 4.1.11).</summary>
    WrongAlgorithm,
    UnknownKey,
    BadSignature,
    WrongIssuer,
    WrongAudience,
    Expired,
    NotYetValid,
}
