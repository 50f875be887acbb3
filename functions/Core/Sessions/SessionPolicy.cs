using ClickToDial.Core.Access;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Sessions;

/// <summary>What a valid token still has to fit: the page that uses it, the user it calls for, the destination it calls.</summary>
public static class SessionPolicy
{
    public static Problem? ToProblem(TokenVerdict verdict) => verdict switch
    {
        TokenVerdict.Valid => null,
        TokenVerdict.Malformed or TokenVerdict.TooLarge => KnownProblems.TokenMalformed,
        TokenVerdict.Expired => KnownProblems.TokenExpired,
        TokenVerdict.NotYetValid => KnownProblems.TokenNotYetValid,
        TokenVerdict.WrongAudience => KnownProblems.TokenWrongAudience,
        // Algorithm, key, signature and issuer are one answer: a forger need not learn which.
        _ => KnownProblems.TokenInvalid,
    };

    /// <param name="origin">The <c>Origin</c> header, or null.</param>
    public static Problem? CheckOrigin(SessionClaims token, string? origin) =>
        token.Origin is null || WebOrigin.Same(token.Origin, origin) ? null : KnownProblems.TokenWrongOrigin;

    public static Problem? CheckCall(SessionClaims token, string user, string destination)
    {
        if (token.User != user) return KnownProblems.TokenUserDiffers;
        return token.Destinations is null || token.Destinations.Any(d => DestinationName.Covers(d, destination))
            ? null
            : KnownProblems.TokenDestinationNotCovered;
    }
}
