using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Contracts.Control;

/// <summary>A call as its worker sees it now; the answer of every control command.</summary>
/// <param name="Talk">While both ends talk.</param>
public sealed record CallSnapshot(
    CallId CallId,
    CallState State,
    CallParties Call,
    DateTimeOffset? ConnectedAt = null,
    DateTimeOffset? EndedAt = null,
    CallOutcome? Outcome = null,
    IReadOnlyList<LegSummary>? Legs = null,
    TalkDetails? Talk = null);
