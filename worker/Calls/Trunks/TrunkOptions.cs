namespace ClickToDial.Calls.Trunks;

/// <summary>How trunks are looked after.</summary>
public sealed record TrunkOptions
{
    /// <summary>How often it is looked what is due. Default 200 ms.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>First wait after a registration that failed at every server. Default 2 s, doubled with each failure.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Default 5 minutes.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a REGISTER may take, challenge included. Default 10 s.</summary>
    public TimeSpan RegisterLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the addresses of a server that is known by name are believed. Default one minute.</summary>
    public TimeSpan NameLife { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the end waits for registrations to be taken back. Default 2 s.</summary>
    public TimeSpan LeaveLimit { get; init; } = TimeSpan.FromSeconds(2);
}
