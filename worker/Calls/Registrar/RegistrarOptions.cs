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

    /// <summary>Devices on numbered flows are asked to show at least this often that theirs lives (RFC 5626 section 5.4).</summary>
    public TimeSpan FlowTimer { get; init; } = TimeSpan.FromMinutes(2);
}
