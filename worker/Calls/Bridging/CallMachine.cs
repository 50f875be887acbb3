namespace ClickToDial.Calls.Bridging;

/// <summary>
/// The course of a call as a pure function: what there is to do now, and where the call is afterwards.
/// <code>
/// New ─Originate─▶ RingingUser ─answered─▶ (Prompting ─1─▶) Dialling ─answered─▶ (Aligning ─▶) Talking
///   └─Dialled────────────────────────────────────────────────▲                                     │
///                                                        └── failure ──▶ (Announcing)               │
/// every phase ── hang-up, failure, time-out ──────────────────────────────────────────────────▶ Ended
/// </code>
/// An input that a phase does not expect changes nothing: signalling arrives late and twice.
/// </summary>
public static class CallMachine
{
    private const CallActions End = CallActions.StopTimer | CallActions.StopSound | CallActions.EndLegs | CallActions.TellEnded;

    public static (CallPhase Next, CallActions Do) Step(CallPhase phase, CallInput input, CallFacts facts) => (phase, input) switch
    {
        (CallPhase.Ended, _) => (CallPhase.Ended, CallActions.None),

        (CallPhase.New, CallInput.Originate) => (CallPhase.RingingUser, CallActions.RingUser),
        (CallPhase.New, CallInput.Dialled) => (CallPhase.Dialling, CallActions.Dial),

        (CallPhase.RingingUser, CallInput.UserRinging) => (phase, CallActions.TellRinging),
        (CallPhase.RingingUser, CallInput.UserAnswered) when facts.Prompt => (CallPhase.Prompting,
            CallActions.CancelOtherDevices | CallActions.StopTimer | CallActions.TellAnswered
            | CallActions.StartPrompt | CallActions.TellPrompting),
        (CallPhase.RingingUser, CallInput.UserAnswered) => (CallPhase.Dialling,
            CallActions.CancelOtherDevices | CallActions.StopTimer | CallActions.TellAnswered | CallActions.Dial),

        (CallPhase.Prompting, CallInput.Confirmed) => (CallPhase.Dialling,
            CallActions.StopTimer | CallActions.StopSound | CallActions.TellConfirmed | CallActions.Dial),

        (CallPhase.Dialling, CallInput.DestinationRinging) when facts.EarlyMedia => (phase, CallActions.TellRinging),
        (CallPhase.Dialling, CallInput.DestinationRinging) => (phase, CallActions.TellRinging | CallActions.StartRingback),
        (CallPhase.Dialling, CallInput.DestinationEarlyMedia) => (phase, CallActions.OpenEarlyMedia),
        (CallPhase.Dialling, CallInput.DestinationAnswered) when facts.Realign && !facts.UserWaits => (CallPhase.Aligning,
            CallActions.CancelOtherDevices | CallActions.StopTimer | CallActions.StopSound | CallActions.TellAnswered | CallActions.Align),
        (CallPhase.Dialling, CallInput.DestinationAnswered) => (CallPhase.Talking,
            CallActions.CancelOtherDevices | CallActions.StopTimer | CallActions.StopSound | CallActions.TellAnswered
            | CallActions.Bridge | CallActions.TellConnected),

        (CallPhase.Dialling, CallInput.DestinationFailed or CallInput.DestinationRingTimeout or CallInput.Impossible) when facts.Announces =>
            (CallPhase.Announcing, CallActions.StopTimer | CallActions.StopSound | CallActions.AnnounceFailure),

        (CallPhase.Aligning, CallInput.AlignFailed) when facts.CanTranscode => (CallPhase.Talking, CallActions.Bridge | CallActions.TellConnected),
        (CallPhase.Aligning, CallInput.Aligned) => (CallPhase.Talking, CallActions.Bridge | CallActions.TellConnected),

        _ when Ends(phase, input) => (CallPhase.Ended, End),
        _ => (phase, CallActions.None),
    };

    /// <summary>Whether the input ends a call that is in the phase.</summary>
    public static bool Ends(CallPhase phase, CallInput input) => input switch
    {
        CallInput.Impossible or CallInput.ApiHangUp or CallInput.Shutdown or CallInput.Fault => phase != CallPhase.Ended,
        CallInput.UserFailed or CallInput.UserRingTimeout => phase == CallPhase.RingingUser,
        CallInput.UserHungUp => phase is CallPhase.Prompting or CallPhase.Dialling or CallPhase.Aligning or CallPhase.Talking or CallPhase.Announcing,
        CallInput.PromptTimeout => phase == CallPhase.Prompting,
        CallInput.DestinationFailed or CallInput.DestinationRingTimeout => phase == CallPhase.Dialling,
        CallInput.DestinationHungUp => phase is CallPhase.Aligning or CallPhase.Talking,
        CallInput.AlignFailed => phase == CallPhase.Aligning,
        CallInput.AnnouncementOver => phase == CallPhase.Announcing,
        CallInput.MaxDuration or CallInput.MediaTimeout => phase == CallPhase.Talking,
        _ => false,
    };
}
