using ClickToDial.App.Tests.Hosting;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Tests.Soak;

/// <summary>A call as it really was: what the call log and subscribers must come to know of it.</summary>
internal sealed record SoakCall(CallId Id, string User, string Destination, bool Answered, DateTimeOffset StartedAt, IReadOnlyList<CallEvent> Events)
{
    public static SoakCall Make(int number, Random random, DateTimeOffset now)
    {
        var (user, destination) = ($"{101 + random.Next(3)}", $"+1202555{random.Next(10_000):D4}");
        var startedAt = DateTimeOffset.FromUnixTimeMilliseconds(now.AddSeconds(-random.Next(60, 3600)).ToUnixTimeMilliseconds());
        var id = CallIds.New(startedAt, new SequenceRandom(number));
        var answered = random.Next(10) < 7;
        CallEventType[] steps = answered
            ? [CallEventType.CallStarted, CallEventType.LegRinging, CallEventType.LegAnswered, CallEventType.CallConnected, CallEventType.CallEnded]
            : [CallEventType.CallStarted, CallEventType.LegRinging, CallEventType.CallEnded];
        var connectedAt = answered ? startedAt.AddSeconds(4) : (DateTimeOffset?)null;
        var leg = new LegSummary("u1", LegRole.User, user);
        var parties = new CallParties("d1.test", CallDirection.Outbound, user, destination, startedAt);
        var events = steps.Select((type, i) => new CallEvent(CallEvent.IdFor(id, i + 1), id, i + 1, type, startedAt.AddSeconds(i * 2), parties, "worker-1")
        {
            Leg = type is CallEventType.LegRinging or CallEventType.LegAnswered ? leg : null,
            ConnectedAt = type is CallEventType.CallConnected or CallEventType.CallEnded ? connectedAt : null,
            Outcome = type is CallEventType.CallEnded ? new CallOutcome(answered ? CallResult.Answered : CallResult.NoAnswer, answered ? CallReasons.UserHungUp : CallReasons.DestinationNoAnswer, answered ? 200 : 480) : null,
            Legs = type is CallEventType.CallEnded ? [leg] : null,
        });
        return new SoakCall(id, user, destination, answered, startedAt, [.. events]);
    }
}
