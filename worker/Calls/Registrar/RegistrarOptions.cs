namespace ClickToDial.Calls.Registrar;

/// <summary>How long registrations last.</summary>
public sealed record RegistrarOptions
{
    /// <summary>Shorter wishes get 423 (RFC 3261 section 21.4.17).</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longer wishes are cut to this.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(1);

    /// <summary>For devices that wish nothing.</summary>
    public TimeSpan Usual { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often changes are written to disk.</summary>
    public TimeSpan WriteInterval { get; init; } = TimeSpan.FromSeconds(1);
}
