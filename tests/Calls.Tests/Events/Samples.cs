using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Tests.Events;

internal static class Samples
{
    public static DateTimeOffset Now { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static CallParties Parties { get; } = new("demo.local", CallDirection.Outbound, "101", "+4930123456", Now);

    public static CallId Call(int number) => CallId.Parse("call-" + number);

    public static CallEvent Event(int call, int sequence, CallEventType type) => new(
        CallEvent.IdFor(Call(call), sequence),
        Call(call),
        sequence,
        type,
        Now.AddSeconds(sequence),
        Parties,
        "worker-1",
        Outcome: type == CallEventType.CallEnded ? new CallOutcome(CallResult.Answered, CallReasons.UserHungUp) : null,
        ConnectedAt: type >= CallEventType.CallConnected ? Now.AddSeconds(3) : null);

    /// <summary>A whole call: started, ringing, connected, ended.</summary>
    public static IEnumerable<CallEvent> WholeCall(int call) =>
    [
        Event(call, 1, CallEventType.CallStarted),
        Event(call, 2, CallEventType.LegRinging),
        Event(call, 3, CallEventType.CallConnected),
        Event(call, 4, CallEventType.CallEnded),
    ];
}
