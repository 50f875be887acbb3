using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Directory;

/// <summary>Numbers that the worker answers itself.</summary>
public enum TestNumber
{
    /// <summary>Sends back what it hears.</summary>
    Echo,

    /// <summary>1004 Hz at 0 dBm0 (the digital milliwatt).</summary>
    Milliwatt,

    /// <summary>Always busy (486).</summary>
    Busy,

    /// <summary>Rings and never answers.</summary>
    NoAnswer,
}

/// <summary>Where a destination is reached.</summary>
public abstract record Route
{
    public static Route None { get; } = new NoRoute();

    private Route()
    {
    }

    public sealed record ToUser(UserEntry User) : Route;

    public sealed record ToTest(TestNumber Number) : Route;

    /// <param name="Trunks">At least one, best first.</param>
    public sealed record ToTrunk(IReadOnlyList<Trunk> Trunks) : Route;

    private sealed record NoRoute : Route;
}
