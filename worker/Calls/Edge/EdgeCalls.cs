using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Edge;

/// <summary>Asks for the calls of a user as they are and as they change, or that no more be told of them.</summary>
/// <param name="User">Null for all of the domain.</param>
internal sealed record EdgeWatch(string Domain, string? User, bool On);

/// <summary>Which calls of a user are under way at one worker: those that it told of before and that are not among them have ended.</summary>
/// <param name="User">Null for all of the domain.</param>
internal sealed record EdgeCalls(string Domain, string? User, IReadOnlyList<CallId>? Ids);

/// <summary>Something to be done with a call of the worker that it is sent to.</summary>
/// <param name="Number">Of whoever orders, for the answer.</param>
/// <param name="Order">Null to hang up.</param>
internal sealed record EdgeOrder(long Number, CallId Call, CallOrder? Order);

/// <summary>How an order was taken.</summary>
/// <param name="Reason">Why it was not done, a stable word; null when it was.</param>
internal sealed record EdgeDone(long Number, string? Reason);
