namespace ClickToDial.Core.Deliveries;

/// <summary>When a failed delivery is tried again.</summary>
public static class RetryPlan
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>A wait is longer than the table says by up to this part of it, so that what failed together does not come back together.</summary>
    public const double Jitter = 0.1;

    /// <summary>A subscriber may ask for more time than the table gives, but not for more than this.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    /// <summary>The first one and the retries.</summary>
    public static int MaxAttempts => Waits.Length + 1;

    /// <param name="attempts">How many have been made, 1 or more.</param>
    /// <param name="retryAfter">What the subscriber asked for.</param>
    /// <param name="chance">Evenly spread, 0 to 1.</param>
    /// <returns>Null when there is none any more.</returns>
    public static TimeSpan? After(int attempts, TimeSpan? retryAfter, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        if (attempts > Waits.Length) return null;
        var wait = Waits[attempts - 1] * (1 + (Jitter * Math.Clamp(chance, 0, 1)));
        var asked = retryAfter > LongestRetryAfter ? LongestRetryAfter : retryAfter;
        return asked > wait ? asked : wait;
    }
}
