namespace ClickToDial.Sip.Transactions;

public enum NonInviteServerState { Trying, Proceeding, Completed, Terminated }

public enum NonInviteServerInput { Request, SendProvisional, SendFinal, TimerJ, TransportError }

[Flags]
public enum NonInviteServerAction
{
    None = 0,
    Send = 1,
    Resend = 2,
    StartTimerJ = 4,
    ReportTransportError = 8,
}

/// <summary>The non-INVITE server transaction of RFC 3261 section 17.2.2.</summary>
public static class NonInviteServerMachine
{
    public static (NonInviteServerState Next, NonInviteServerAction Do) Step(NonInviteServerState state, NonInviteServerInput input) =>
        state switch
        {
            NonInviteServerState.Trying => Open(state, input, NonInviteServerAction.None),
            NonInviteServerState.Proceeding => Open(state, input, NonInviteServerAction.Resend),
            NonInviteServerState.Completed => Completed(input),
            _ => (state, NonInviteServerAction.None),
        };

    private static (NonInviteServerState, NonInviteServerAction) Open(
        NonInviteServerState state, NonInviteServerInput input, NonInviteServerAction onRepeat) => input switch
        {
            NonInviteServerInput.Request => (state, onRepeat),
            NonInviteServerInput.SendProvisional => (NonInviteServerState.Proceeding, NonInviteServerAction.Send),
            NonInviteServerInput.SendFinal => (NonInviteServerState.Completed, NonInviteServerAction.Send | NonInviteServerAction.StartTimerJ),
            NonInviteServerInput.TransportError => (NonInviteServerState.Terminated, NonInviteServerAction.ReportTransportError),
            _ => (state, NonInviteServerAction.None),
        };

    private static (NonInviteServerState, NonInviteServerAction) Completed(NonInviteServerInput input) => input switch
    {
        NonInviteServerInput.Request => (NonInviteServerState.Completed, NonInviteServerAction.Resend),
        NonInviteServerInput.TimerJ => (NonInviteServerState.Terminated, NonInviteServerAction.None),
        NonInviteServerInput.TransportError => (NonInviteServerState.Terminated, NonInviteServerAction.ReportTransportError),
        _ => (NonInviteServerState.Completed, NonInviteServerAction.None),
    };
}
