using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Guard;

/// <summary>A limit that is reached.</summary>
public sealed record TallyRefusal(SubjectKind Kind, TallyAnswer Answer)
{
    public Problem Problem
    {
        get
        {
            var problem = (Kind, Answer.Cap) switch
            {
                (SubjectKind.User, TallyCap.Minute) => KnownProblems.UserRateLimited,
                (SubjectKind.User, TallyCap.Hour) => KnownProblems.UserHourlyLimit,
                (SubjectKind.User, TallyCap.Day) => KnownProblems.UserDailyLimit,
                (SubjectKind.User, _) => KnownProblems.UserConcurrentLimit,
                (SubjectKind.Address, TallyCap.Minute) => KnownProblems.AddressRateLimited,
                (SubjectKind.Address, TallyCap.Hour) => KnownProblems.AddressHourlyLimit,
                (SubjectKind.Address, _) => KnownProblems.AddressDailyLimit,
                (_, TallyCap.Minute) => KnownProblems.DestinationRateLimited,
                (_, TallyCap.Hour) => KnownProblems.DestinationHourlyLimit,
                _ => KnownProblems.DestinationDailyLimit,
            };
            return Answer.Wait > TimeSpan.Zero ? problem with { RetryAfterSeconds = (int)Math.Ceiling(Answer.Wait.TotalSeconds) } : problem;
        }
    }
}
