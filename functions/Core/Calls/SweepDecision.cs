namespace ClickToDial.Core.Calls;

/// <summary>What the sweep does with an open call.</summary>
public abstract record SweepDecision
{
    private SweepDecision()
    {
    }

    public sealed record Leave : SweepDecision;

    /// <summary>The worker has the call: note the time, so that silence is counted from here.</summary>
    public sealed record Confirm : SweepDecision;

    /// <summary>The worker has not, or not any more: note the time, and look again before anything is ended.</summary>
    public sealed record Doubt : SweepDecision;

    public sealed record Close(CallEnd End) : SweepDecision;
}
