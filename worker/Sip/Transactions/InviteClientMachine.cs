namespace ClickToDial.Sip.Transactions;

public enum InviteClientState { Calling, Proceeding, Accepted, Completed, Terminated }

public enum InviteClientInput { Provisional, Success, Failure, TimerA, TimerB, TimerD, TimerM, TransportError }

[Flags]
public enum InviteClientAction
{
    None = 0,
    Resend = 1,
    PassUp = 2,
    SendAck = 4,
    StartTimerD = 8,
    StartTimerM = 16,
    ReportTimeout = 32,
    ReportTransportError = 64,
}

/// <summary>The INVITE client transaction of RFC 3261 section 17.1.1.2 with the Accepted state of RFC 6026 section 8.4.</summary>
public static class InviteClientMachine
{
    public static (InviteClientState Next, InviteClientAction Do) Step(InviteClientState state, InviteClientInput input) => state switch
    {
        InviteClientState.Calling => Calling(input),
        InviteClientState.Proceeding => Proceeding(input),
        InviteClientState.Accepted => Accepted(input),
        InviteClientState.Completed => Completed(input),
        _ => (InviteClientState.Terminated, InviteClientAction.None),
    };

    private static (InviteClientState, InviteClientAction) Calling(InviteClientInput input) => input switch
    {
        InviteClientInput.TimerA => (InviteClientState.Calling, InviteClientAction.Resend),
        InviteClientInput.TimerB => (InviteClientState.Terminated, InviteClientAction.ReportTimeout),
        InviteClientInput.Provisional => (InviteClientState.Proceeding, InviteClientAction.PassUp),
        _ => Answered(InviteClientState.Calling, input),
    };

    private static (InviteClientState, InviteClientAction) Proceeding(InviteClientInput input) => input switch
    {
        InviteClientInput.Provisional => (InviteClientState.Proceeding, InviteClientAction.PassUp),
        _ => Answered(InviteClientState.Proceeding, input),
    };

    private static (InviteClientState, InviteClientAction) Answered(InviteClientState state, InviteClientInput input) => input switch
    {
        InviteClientInput.Success => (InviteClientState.Accepted, InviteClientAction.PassUp | InviteClientAction.StartTimerM),
        InviteClientInput.Failure => (InviteClientState.Completed,
            InviteClientAction.SendAck | InviteClientAction.PassUp | InviteClientAction.StartTimerD),
        InviteClientInput.TransportError => (InviteClientState.Terminated, InviteClientAction.ReportTransportError),
        _ => (state, InviteClientAction.None),
    };

    // Further successes are other branches of a fork, or repeats: both are the user's business.
    private static (InviteClientState, InviteClientAction) Accepted(InviteClientInput input) => input switch
    {
        InviteClientInput.Success => (InviteClientState.Accepted, InviteClientAction.PassUp),
        InviteClientInput.TimerM => (InviteClientState.Terminated, InviteClientAction.None),
        _ => (InviteClientState.Accepted, InviteClientAction.None),
    };

    private static (InviteClientState, InviteClientAction) Completed(InviteClientInput input) => input switch
    {
        InviteClientInput.Failure => (InviteClientState.Completed, InviteClientAction.SendAck),
        InviteClientInput.TimerD => (InviteClientState.Terminated, InviteClientAction.None),
        InviteClientInput.TransportError => (InviteClientState.Terminated, InviteClientAction.ReportTransportError),
        _ => (InviteClientState.Completed, InviteClientAction.None),
    };
}
