namespace ClickToDial.Calls.Bridging;

/// <summary>
/// The course of a call that talks, as a pure function: hold and mute of each side, which come and go in any order, and at most
/// one transfer at a time.
/// <code>
/// None ─TransferBegins─▶ Ringing ──┬─TargetAnswers─▶ None, the target in the transferor's place
///   └──JoinBegins─────▶ Fetching ──┴─TargetFails───▶ None, as before; the end when the transferor has left
/// </code>
/// An input that does not fit changes nothing.
/// </summary>
public static class TalkMachine
{
    public static TalkStep Step(TalkState state, SidePlace place, TalkInput input)
    {
        var side = state[place];
        return input switch
        {
            TalkInput.SignalsHold => Hold(state, place, side with { HoldsBySignal = true, PlaysItself = false }),
            TalkInput.SignalsHoldWithMusic => Hold(state, place, side with { HoldsBySignal = true, PlaysItself = true }),
            TalkInput.SignalsResume => Resume(state, place, side with { HoldsBySignal = false, PlaysItself = false }),
            TalkInput.OrderHold or TalkInput.OrderResume when state.Transfer != TransferPhase.None => Refuse(state, TalkVerdict.Transferring),
            TalkInput.OrderHold => Hold(state, place, side with { HoldsByOrder = true }),
            TalkInput.OrderResume when side.HoldsBySignal => Refuse(state, TalkVerdict.HeldBySignal),
            TalkInput.OrderResume => Resume(state, place, side with { HoldsByOrder = false }),
            TalkInput.Mute => Change(state, place, side with { Muted = true }, TalkActions.TellMuted),
            TalkInput.Unmute => Change(state, place, side with { Muted = false }, TalkActions.TellUnmuted),
            TalkInput.AnnouncementBegins => Change(state, place, side with { Announced = true }, TalkActions.None),
            TalkInput.AnnouncementEnds => Change(state, place, side with { Announced = false }, TalkActions.None),
            _ => StepTransfer(state, place, input),
        };
    }

    private static TalkStep StepTransfer(TalkState state, SidePlace place, TalkInput input) => (state.Transfer, input) switch
    {
        (TransferPhase.None, TalkInput.TransferBegins) => Begin(state, place, TransferPhase.Ringing),
        (TransferPhase.None, TalkInput.JoinBegins) => Begin(state, place, TransferPhase.Fetching),
        (TransferPhase.None, TalkInput.Leaves) => new(state, TalkActions.End, TalkVerdict.Done),
        (TransferPhase.None, _) => Refuse(state, TalkVerdict.OutOfPlace),

        (_, TalkInput.TransferBegins or TalkInput.JoinBegins) => Refuse(state, TalkVerdict.Transferring),
        (_, TalkInput.Leaves) when place == state.Transferor && !state.TransferorLeft =>
            new(state with { TransferorLeft = true }, TalkActions.None, TalkVerdict.Done),
        (_, TalkInput.Leaves) => new(state, TalkActions.End, TalkVerdict.Done),
        _ when place != state.Transferor => Refuse(state, TalkVerdict.OutOfPlace),

        (TransferPhase.Ringing, TalkInput.TargetSounds) when !state.TargetHeard => new(state with { TargetHeard = true }, TalkActions.Arrange, TalkVerdict.Done),
        (TransferPhase.Ringing, TalkInput.TargetHushes) when state.TargetHeard => new(state with { TargetHeard = false }, TalkActions.Arrange, TalkVerdict.Done),

        // Who comes has put nobody on hold and is not muted; an announcement to its predecessor is over.
        (_, TalkInput.TargetAnswers) => new(
            Over(state).With(place, default), TalkActions.Replace | TalkActions.Arrange | TalkActions.TellTransferred, TalkVerdict.Done),
        (_, TalkInput.TargetFails) when state.TransferorLeft =>
            new(Over(state), TalkActions.TellTransferFailed | TalkActions.End, TalkVerdict.Done),
        (_, TalkInput.TargetFails) => new(Over(state), TalkActions.Arrange | TalkActions.TellTransferFailed, TalkVerdict.Done),
        _ => Refuse(state, TalkVerdict.OutOfPlace),
    };

    private static TalkStep Begin(TalkState state, SidePlace transferor, TransferPhase phase) => new(
        state with { Transfer = phase, Transferor = transferor, TransferorLeft = false },
        TalkActions.SeekTarget | TalkActions.Arrange | TalkActions.TellTransferring,
        TalkVerdict.Done);

    private static TalkState Over(TalkState state) =>
        state with { Transfer = TransferPhase.None, Transferor = SidePlace.First, TransferorLeft = false, TargetHeard = false };

    // Told once, however many ways the side holds by.
    private static TalkStep Hold(TalkState state, SidePlace place, SideTalk next) =>
        Change(state, place, next, state[place].Holds ? TalkActions.None : TalkActions.TellHeld);

    private static TalkStep Resume(TalkState state, SidePlace place, SideTalk next) =>
        Change(state, place, next, next.Holds ? TalkActions.None : TalkActions.TellResumed);

    private static TalkStep Change(TalkState state, SidePlace place, SideTalk next, TalkActions tell) => next == state[place]
        ? Refuse(state, TalkVerdict.Already)
        : new TalkStep(state.With(place, next), TalkActions.Arrange | tell, TalkVerdict.Done);

    private static TalkStep Refuse(TalkState state, TalkVerdict verdict) => new(state, TalkActions.None, verdict);
}
