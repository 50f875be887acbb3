using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Legs;

/// <summary>Why a leg is ended, for its peer (RFC 3326).</summary>
/// <param name="SipCause">A SIP status that says it.</param>
/// <param name="Text">Our reason slug.</param>
internal readonly record struct HangUpReason(int SipCause, string Text)
{
    /// <summary>The device lost the race: nobody has missed a call (RFC 3326 section 2).</summary>
    public static HangUpReason AnsweredElsewhere { get; } = new(200, "Call completed elsewhere");

    public static HangUpReason Of(CallOutcome outcome) => new(outcome.SipStatus ?? Cause(outcome), outcome.Reason);

    // Slugs hold nothing that would have to be quoted. The network's word for it stands beside SIP's, as gateways read that.
    public override string ToString() => this != AnsweredElsewhere && Q850.CauseOf(SipCause) is { } cause
        ? $"SIP;cause={SipCause};text=\"{Text}\", Q.850;cause={cause}"
        : $"SIP;cause={SipCause};text=\"{Text}\"";

    private static int Cause(CallOutcome outcome) => outcome.Result switch
    {
        CallResult.Answered => 200,
        CallResult.NoAnswer => 480,
        CallResult.Busy => 486,
        CallResult.Refused => 603,
        CallResult.Cancelled => 487,
        _ => outcome.Reason == CallReasons.NoCommonCodec ? 488 : outcome.Reason == CallReasons.NoRoute ? 404 : 503,
    };
}
