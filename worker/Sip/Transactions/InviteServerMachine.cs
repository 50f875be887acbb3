namespace ClickToDial.Sip.Transactions;

public enum InviteServerState { Proceeding, Accepted, Completed, Confirmed, Terminated }

public enum InviteServerInput
{
    Request,
    Ack,
    SendProvisional,
    SendSuccess,
    SendFailure,
    TimerTrying,
    TimerG,
    TimerH,
    TimerI,
    TimerL,
    TransportError,
}

[Flags]
public enum InviteServerAction
{
    None = 0,

    /// <summary>Send the response the user just gave.</summary>
    Send = 1,

    /// <summary>Send the last response again (nothing when there is none yet).</summary>
    Resend = 2,
    SendTrying = 4,
    StartTimersGH = 8,
    StartTimerI = 16,
    StartTimerL = 32,
    ReportTimeout = 64,
    ReportTransportError = 128,
}

/// <summary>The INVITE server transaction of RFC 3261 section 17.2.1 with the Accepted state of RFC 6026 section 8.5.</summary>
public static class InviteServerMachine
{
    public static (InviteServerState Next, InviteServerAction Do) Step(InviteServerState state, InviteServerInput input) => state switch
    {
        InviteServerState.Proceeding => Proceeding(input),
        InviteServerState.Accepted => Accepted(input),
        InviteServerState.Completed => Completed(input),
        InviteServerState.Confirmed when input == InviteServerInput.TimerI => (InviteServerState.Terminated, InviteServerAction.None),
        _ => (state, InviteServerAction.None),
    };

    private static (InviteServerState, InviteServerAction) Proceeding(InviteServerInput input) => input switch
    {
        InviteServerInput.Request => (InviteServerState.Proceeding, InviteServerAction.Resend),
        InviteServerInput.TimerTrying => (InviteServerState.Proceeding, InviteServerAction.SendTrying),
        InviteServerInput.SendProvisional => (InviteServerState.Proceeding, InviteServerAction.Send),
        InviteServerInput.SendSuccess => (InviteServerState.Accepted, InviteServerAction.Send | InviteServerAction.StartTimerL),
        InviteServerInput.SendFailure => (InviteServerState.Completed, InviteServerAction.Send | InviteServerAction.StartTimersGH),
        InviteServerInput.TransportError => (InviteServerState.Terminated, InviteServerAction.ReportTransportError),
        _ => (InviteServerState.Proceeding, InviteServerAction.None),
    };

    // RFC 6026 section 7.1: repeats of the INVITE are absorbed; only the user repeats the success.
    private static (InviteServerState, InviteServerAction) Accepted(InviteServerInput input) => input switch
    {
        InviteServerInput.SendSuccess => (InviteServerState.Accepted, InviteServerAction.Send),
        InviteServerInput.TimerL => (InviteServerState.Terminated, InviteServerAction.None),
        _ => (InviteServerState.Accepted, InviteServerAction.None),
    };

    private static (InviteServerState, InviteServerAction) Completed(InviteServerInput input) => input switch
    {
        InviteServerInput.Request or InviteServerInput.TimerG => (InviteServerState.Completed, InviteServerAction.Resend),
        InviteServerInput.Ack => (InviteServerState.Confirmed, InviteServerAction.StartTimerI),
        InviteServerInput.TimerH => (InviteServerState.Terminated, InviteServerAction.ReportTimeout),
        InviteServerInput.TransportError => (InviteServerState.Terminated, InviteServerAction.ReportTransportError),
        _ => (InviteServerState.Completed, InviteServerAction.None),
    };
}
