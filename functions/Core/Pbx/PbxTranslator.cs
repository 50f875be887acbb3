using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Pbx;

/// <summary>
/// Calls of users at a PBX, as the events that our own worker would tell of them: begun is the first step, answered the second,
/// completed the third. So there is one call log, one way a call ends, and one rule for what comes late or twice.
/// </summary>
public static class PbxTranslator
{
    private const int Started = 1;
    private const int Answered = 2;
    private const int Completed = 3;

    /// <summary>All times are such as an event may tell: only then may it be translated.</summary>
    public static bool IsWithinTime(PbxEvent e, DateTimeOffset receivedAt) =>
        new[] { e.CallStartAt, e.ConnectedAt, e.RecordedAt }.OfType<DateTimeOffset>()
            .All(t => t >= receivedAt - CallEventRules.MaxAge && t <= receivedAt + CallEventRules.MaxAhead);

    public static bool IsCall(PbxEventType type) => type is >= PbxEventType.UserInbound and <= PbxEventType.UserOutboundCompleted;

    /// <param name="receivedAt">Stands in for a start that the PBX does not tell.</param>
    public static CallEvent Translate(PbxEvent e, string domain, DateTimeOffset receivedAt)
    {
        var inbound = e.Type <= PbxEventType.UserInboundCompleted;
        var user = User(e);
        var id = PbxIds.Call(e, inbound ? "in" : "out", user);
        var began = e.CallStartAt ?? e.ConnectedAt ?? receivedAt;
        var (type, sequence) = Step(e.Type);
        var parties = new CallParties(
            domain, inbound ? CallDirection.Inbound : CallDirection.Outbound, user, e.DestNumber ?? "unknown", began, e.CallerId);
        var told = new CallEvent(CallEvent.IdFor(id, sequence), id, sequence, type, began, parties)
        {
            Pbx = new PbxCallDetails(e.UniqueCallId, e.CallerName, e.UserName, e.QueueName, e.RingGroupName, e.CallSeconds, e.TalkSeconds),
        };
        return sequence switch
        {
            Started => told,
            Answered => told with { Time = e.ConnectedAt ?? receivedAt, ConnectedAt = e.ConnectedAt ?? receivedAt },
            _ => End(told, e, began, receivedAt),
        };
    }

    private static (CallEventType Type, int Sequence) Step(PbxEventType type) => type switch
    {
        PbxEventType.UserInbound or PbxEventType.UserOutbound => (CallEventType.CallStarted, Started),
        PbxEventType.UserInboundAnswered or PbxEventType.UserOutboundAnswered => (CallEventType.CallConnected, Answered),
        _ => (CallEventType.CallEnded, Completed),
    };

    private static CallEvent End(CallEvent told, PbxEvent e, DateTimeOffset began, DateTimeOffset receivedAt)
    {
        var ended = e.CallSeconds is { } seconds ? began.AddSeconds(seconds) : receivedAt > began ? receivedAt : began;
        var connected = e.ConnectedAt ?? (e.TalkSeconds > 0 ? ended.AddSeconds(-e.TalkSeconds.Value) : null);
        return told with
        {
            Time = ended,
            ConnectedAt = connected,
            Outcome = Outcome(connected is not null, e.Type),
            // Nobody answered: there was no second step, and none is waited for.
            Follows = connected is null ? Started : null,
        };
    }

    private static CallOutcome Outcome(bool answered, PbxEventType type)
    {
        // Who hung up is not told.
        if (answered) return new CallOutcome(CallResult.Answered, CallReasons.DestinationHungUp);
        var missedBy = type == PbxEventType.UserInboundCompleted ? CallReasons.UserNoAnswer : CallReasons.DestinationNoAnswer;
        return new CallOutcome(CallResult.NoAnswer, missedBy);
    }

    /// <summary>The extension, which is what users are called here; else what there is of the name.</summary>
    private static string User(PbxEvent e)
    {
        foreach (var text in new[] { e.UserNumber, e.UserName })
            if (text is not null && Named(text) is { Length: > 0 } name) return name;
        return "unknown";
    }

    private static string Named(string text)
    {
        var plain = new string([.. text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')]);
        return plain.Length > DestinationName.MaxUserLength ? plain[..DestinationName.MaxUserLength] : plain;
    }
}
