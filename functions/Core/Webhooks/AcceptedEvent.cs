using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;

namespace ClickToDial.Core.Webhooks;

/// <summary>What has entered the call log and may be told to subscribers: a step of a call, or something a PBX told beside its calls.</summary>
/// <param name="Id">Stable over repeats.</param>
/// <param name="OrderKey">Events of the same key are handed on, and are to be delivered, in order.</param>
/// <param name="Call">The step; null for an item.</param>
/// <param name="Row">The call as it is with that step; null for an item.</param>
/// <param name="Item">Null for a step of a call.</param>
public sealed record AcceptedEvent(string Id, string Domain, string OrderKey, CallEvent? Call, CallRecord? Row, PbxItem? Item)
{
    public static AcceptedEvent Of(CallEvent e, CallRecord row) => new(e.Id, row.Domain, row.CallId.Value, e, row, null);

    public static AcceptedEvent Of(PbxItem item) =>
        new($"{item.Kind}.{item.Id}".ToLowerInvariant(), item.Domain, item.Event.UniqueCallId ?? item.Id, null, null, item);
}
