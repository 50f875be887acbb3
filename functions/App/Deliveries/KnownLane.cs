using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>A lane as it was read or written.</summary>
/// <param name="Version">Of its row; null when there is none.</param>
internal sealed record KnownLane(Lane Lane, string? Version)
{
    public static KnownLane None { get; } = new(Core.Deliveries.Lane.Empty, null);
}
