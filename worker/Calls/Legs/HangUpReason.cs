using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Legs;

/// <summary>Why a leg is ended, for its peer (RFC 3326).</summary>
/// <param name="SipCause">A SIP status that says it.</param>
/// <param name="Text">Our reason slug.</param>
internal readonly record struct HangUpReason(int SipCause, string Text)
{
    /// <summary>The device lost the race: nobody has missed a call (RFC 3326 section 2).</summary>
    public static HangUpReason AnsweredElsewhere { get; } = new(200, "Call completed elsewhere");

    /// <summary>What the other end gave as its reason; it goes before ours, protocol by protocol.</summary>
    public GivenReason? Given { get; init; }

    public static HangUpReason Of(CallOutcome outcome) => new(outcome.SipStatus ?? Cause(outcome), outcome.Reason);

    // The network's word for it stands beside SIP's, as gateways read that.
    public override string ToString()
    {
        var sip = Given?.Sip is { } said ? said with { Text = said.Text ?? Text } : new ReasonValue(ReasonValue.Sip, SipCause, Text);
        if (this == AnsweredElsewhere) return sip.ToString();
        var network = Given?.Network ?? (Q850.CauseOf(sip.Cause ?? SipCause) is { } cause ? new ReasonValue(ReasonValue.Q850, cause, null) : null);
        return network is { } beside ? $"{sip}, {beside}" : sip.ToString();
    }

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
