using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Calls;

/// <summary>What an event must be before it may enter the call log. The worker keeps to it; another sender might not.</summary>
public static class CallEventRules
{
    public const int MaxLegs = 64;
    public const int MaxText = 256;

    /// <summary>Steps that an event may say did not happen.</summary>
    public const int MaxSkipped = 16;

    /// <summary>Of the event as JSON: its legs must fit one table cell of 32,000 characters.</summary>
    public const int MaxBytes = 30_000;

    /// <summary>The oldest and the youngest time an event may tell, against when it came in: a spool may wait long, no clock is a day ahead.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);
    public static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    /// <param name="receivedAt">When it came in.</param>
    /// <param name="ours">It was made here, by the sweep.</param>
    /// <returns>Null when it may, else why not, as a slug for the log.</returns>
    public static string? Fault(CallEvent e, DateTimeOffset receivedAt, bool ours = false) =>
        e switch
        {
            { CallId.Value: "" } => "event-without-call",
            { Sequence: CallClosing.Sequence, Type: not CallEventType.CallEnded } => "event-sequence-out-of-range",
            { Sequence: CallClosing.Sequence } when !ours => "event-sequence-out-of-range",
            { Sequence: < 0 or > SequenceSet.Largest } => "event-sequence-out-of-range",
            { Follows: { } follows } when follows < 0 || follows >= e.Sequence || e.Sequence - follows > MaxSkipped => "event-sequence-out-of-range",
            { Type: CallEventType.CallEnded, Outcome: null } => "terminal-event-without-outcome",
            { Legs.Count: > MaxLegs } => "event-with-too-many-legs",
            _ when !DestinationName.IsDomain(e.Call.Domain) => "event-domain-invalid",
            _ when !Times(e).All(t => t >= receivedAt - MaxAge && t <= receivedAt + MaxAhead) => "event-time-out-of-range",
            _ when !TextsFit(e) => "event-text-too-long",
            _ when JsonSerializer.SerializeToUtf8Bytes(e, ContractsJson.Default.CallEvent).Length > MaxBytes => "event-too-large",
            _ => null,
        };

    private static IEnumerable<DateTimeOffset> Times(CallEvent e) =>
        new[] { e.Time, e.Call.StartedAt, e.ConnectedAt }
            .Concat((e.Legs ?? []).Append(e.Leg).SelectMany(l => new[] { l?.RingingAt, l?.AnsweredAt, l?.EndedAt }))
            .OfType<DateTimeOffset>();

    private static bool TextsFit(CallEvent e) =>
        Fits(e.Id) && Fits(e.Call.User) && Fits(e.Call.Destination) && Fits(e.Call.CallerId) && Fits(e.Call.Asked) && Fits(e.Worker)
        && (e.Pbx is null || DetailsFit(e.Pbx))
        && Fits(e.TraceParent) && Fits(e.Outcome?.Reason)
        && (e.Leg is null || LegFits(e.Leg)) && (e.Legs is null || e.Legs.All(LegFits));

    private static bool DetailsFit(PbxCallDetails details) =>
        Fits(details.UniqueCallId) && Fits(details.CallerName) && Fits(details.UserName) && Fits(details.QueueName) && Fits(details.RingGroupName);

    private static bool LegFits(LegSummary leg) =>
        Fits(leg.LegId) && Fits(leg.Device) && Fits(leg.Trunk) && Fits(leg.Reason) && Fits(leg.Media?.Codec);

    private static bool Fits(string? text) => text is null || text.Length <= MaxText;
}
