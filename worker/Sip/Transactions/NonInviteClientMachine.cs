namespace ClickToDial.Sip.Transactions;

public enum NonInviteClientState { Trying, Proceeding, Completed, Terminated }

public enum NonInviteClientInput { Provisional, Final, TimerE, TimerF, TimerK, TransportError }

[Flags]
public enum NonInviteClientAction
{
    None = 0,
    Resend = 1,
    PassUp = 2,
    StartTimerK = 4,
    ReportTimeout = 8,
    ReportTransportError = 16,
}

/// <summary>The non-INVITE client transaction of RFC 3261 section 17.1.2.2.</summary>
public static class NonInviteClientMachine
{
    public static (NonInviteClientState Next, NonInviteClientAction Do) Step(NonInviteClientState state, NonInviteClientInput input) =>
        state switch
        {
            NonInviteClientState.Trying or NonInviteClientState.Proceeding => Open(state, input),
            NonInviteClientState.Completed when input == NonInviteClientInput.TimerK =>
                (NonInviteClientState.Terminated, NonInviteClientAction.None),
            _ => (state, NonInviteClientAction.None),
        };

    private static (NonInviteClientState, NonInviteClientAction) Open(NonInviteClientState state, NonInviteClientInput input) =>
        input switch
        {
            NonInviteClientInput.TimerE => (state, NonInviteClientAction.Resend),
            NonInviteClientInput.TimerF => (NonInviteClientState.Terminated, NonInviteClientAction.ReportTimeout),
            NonInviteClientInput.TransportError => (NonInviteClientState.Terminated, NonInviteClientAction.ReportTransportError),
            NonInviteClientInput.Provisional => (NonInviteClientState.Proceeding, NonInviteClientAction.PassUp),
            NonInviteClientInput.Final => (NonInviteClientState.Completed, NonInviteClientAction.PassUp | NonInviteClientAction.StartTimerK),
            _ => (state, NonInviteClientAction.None),
        };
}
