namespace ClickToDial.Core.Deliveries;

/// <summary>What became of a write to a delivery.</summary>
/// <param name="IsDone">False when it was there already, or somebody else has changed it meanwhile.</param>
/// <param name="Head">Id of the first that is pending in its lane since; null when none is.</param>
public readonly record struct LaneWrite(bool IsDone, string? Head);
