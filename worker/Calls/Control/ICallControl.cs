using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Control;

/// <summary>How a command to call was taken.</summary>
public enum OriginateVerdict
{
    Accepted,

    /// <summary>The same command came before; this is how its call stands.</summary>
    Existing,

    /// <summary>Another command came before under the same id.</summary>
    Conflict,

    /// <summary>It came later than its sender wanted it carried out.</summary>
    TooLate,

    Draining,
    NoCapacity,
    NotReady,
}

/// <param name="Call">With <see cref="OriginateVerdict.Accepted"/> and <see cref="OriginateVerdict.Existing"/>.</param>
public readonly record struct OriginateAnswer(OriginateVerdict Verdict, CallSnapshot? Call = null);

/// <summary>What the control endpoints ask of the calls.</summary>
public interface ICallControl
{
    /// <summary>Starts a call; returns when its started event is on disk.</summary>
    Task<OriginateAnswer> OriginateAsync(CallId id, OriginateCommand command, CancellationToken stop);

    CallSnapshot? Find(CallId id);

    /// <summary>The calls under way that match.</summary>
    IReadOnlyList<CallSnapshot> List(CallFilter filter);

    /// <summary>Begins to tell of the calls that match. Null when too many are being told already.</summary>
    CallWatch? Watch(CallFilter filter);

    /// <summary>Carries out an order; returns when it is done, or under way where it takes time.</summary>
    Task<OrderAnswer> OrderAsync(CallId id, CallOrder order, CancellationToken stop);

    /// <summary>Ends a call, if it has not ended; returns when it has. Null when the id was never known.</summary>
    Task<CallSnapshot?> HangUpAsync(CallId id, CancellationToken stop);
}
