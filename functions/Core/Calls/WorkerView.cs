using ClickToDial.Contracts.Control;

namespace ClickToDial.Core.Calls;

/// <summary>What the worker says about a call.</summary>
public abstract record WorkerView
{
    private WorkerView()
    {
    }

    public sealed record Known(CallSnapshot Snapshot) : WorkerView;

    public sealed record Unknown : WorkerView;

    public sealed record Unreachable : WorkerView;
}
