using ClickToDial.Contracts.Calls;

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

    public sealed record Close(CallOutcome Outcome) : SweepDecision;
}
