using System.Diagnostics;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Contracts.Telemetry;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// The spans of one call: the call itself, within the request that asked for it, and the talk. Requests of SIP and posts of events become
/// part of it by <see cref="Enter"/> and <see cref="TraceParent"/>. Packets know nothing of it.
/// </summary>
internal sealed class CallTrace
{
    public const string SourceName = "ClickToDial.Calls";

    private readonly Activity? _call;
    private readonly string? _asked;
    private Activity? _talk;

    public CallTrace(CallId id, CallParties parties, string? traceParent)
    {
        _asked = traceParent;
        var current = Activity.Current;
        _call = Source.Begin("call", ActivityKind.Server, traceParent);
        Activity.Current = current;
        _call?.SetTag("call.id", id.Value)
            .SetTag("call.direction", parties.Direction.ToString())
            .SetTag("call.user", Stars.Of(parties.User))
            .SetTag("call.destination", Stars.Of(parties.Destination));
    }

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>What events of the call and those who get them continue: the call, or where nobody listens what asked for it.</summary>
    public string? TraceParent => _call?.Id ?? _asked;

    /// <summary>Everything that the caller starts from now on belongs to the call.</summary>
    public void Enter()
    {
        if (_call is not null) Activity.Current = _call;
    }

    /// <summary>Both ends hear each other from now on.</summary>
    public void Talk()
    {
        if (_call is null || _talk is not null) return;
        var current = Activity.Current;
        _talk = Source.Begin("media", ActivityKind.Internal, _call.Id);
        Activity.Current = current;
    }

    public void End(CallOutcome outcome, IReadOnlyList<LegSummary> legs)
    {
        if (_talk is not null)
        {
            foreach (var leg in legs.Where(leg => leg.Media is not null)) Tell(leg.LegId, leg.Media!);
            _talk.End();
        }
        if (_call is null) return;
        _call.SetTag("call.result", outcome.Result.ToString()).SetTag("call.reason", outcome.Reason);
        if (outcome.SipStatus is { } status) _call.SetTag("sip.status", status);
        if (outcome.Result == CallResult.Failed) _call.SetStatus(ActivityStatusCode.Error);
        _call.End();
    }

    private void Tell(string leg, MediaSummary media) => _talk!
        .SetTag($"media.{leg}.codec", media.Codec)
        .SetTag($"media.{leg}.received", media.PacketsReceived)
        .SetTag($"media.{leg}.lost", media.PacketsLost)
        .SetTag($"media.{leg}.score", media.MeanOpinionScore);
}
