using ClickToDial.Sip.Transactions;

namespace ClickToDial.Sip.Tests.Transactions;

/// <summary>
/// Every (state, input) of the four machines, written out by hand from the RFCs' diagrams. A pair that is not in a table must
/// leave the state alone and do nothing, and that is tested too.
/// </summary>
public sealed class MachineTableTests
{
    private static readonly Dictionary<(InviteClientState, InviteClientInput), (InviteClientState, InviteClientAction)> InviteClient = new()
    {
        [(InviteClientState.Calling, InviteClientInput.Provisional)] = (InviteClientState.Proceeding, InviteClientAction.PassUp),
        [(InviteClientState.Calling, InviteClientInput.Success)] = (InviteClientState.Accepted, InviteClientAction.PassUp | InviteClientAction.StartTimerM),
        [(InviteClientState.Calling, InviteClientInput.Failure)] = (InviteClientState.Completed, InviteClientAction.PassUp | InviteClientAction.SendAck | InviteClientAction.StartTimerD),
        [(InviteClientState.Calling, InviteClientInput.TimerA)] = (InviteClientState.Calling, InviteClientAction.Resend),
        [(InviteClientState.Calling, InviteClientInput.TimerB)] = (InviteClientState.Terminated, InviteClientAction.ReportTimeout),
        [(InviteClientState.Calling, InviteClientInput.TransportError)] = (InviteClientState.Terminated, InviteClientAction.ReportTransportError),
        [(InviteClientState.Proceeding, InviteClientInput.Provisional)] = (InviteClientState.Proceeding, InviteClientAction.PassUp),
        [(InviteClientState.Proceeding, InviteClientInput.Success)] = (InviteClientState.Accepted, InviteClientAction.PassUp | InviteClientAction.StartTimerM),
        [(InviteClientState.Proceeding, InviteClientInput.Failure)] = (InviteClientState.Completed, InviteClientAction.PassUp | InviteClientAction.SendAck | InviteClientAction.StartTimerD),
        [(InviteClientState.Proceeding, InviteClientInput.TransportError)] = (InviteClientState.Terminated, InviteClientAction.ReportTransportError),
        [(InviteClientState.Accepted, InviteClientInput.Success)] = (InviteClientState.Accepted, InviteClientAction.PassUp),
        [(InviteClientState.Accepted, InviteClientInput.TimerM)] = (InviteClientState.Terminated, InviteClientAction.None),
        [(InviteClientState.Completed, InviteClientInput.Failure)] = (InviteClientState.Completed, InviteClientAction.SendAck),
        [(InviteClientState.Completed, InviteClientInput.TimerD)] = (InviteClientState.Terminated, InviteClientAction.None),
        [(InviteClientState.Completed, InviteClientInput.TransportError)] = (InviteClientState.Terminated, InviteClientAction.ReportTransportError),
    };

    private static readonly Dictionary<(NonInviteClientState, NonInviteClientInput), (NonInviteClientState, NonInviteClientAction)> NonInviteClient = new()
    {
        [(NonInviteClientState.Trying, NonInviteClientInput.Provisional)] = (NonInviteClientState.Proceeding, NonInviteClientAction.PassUp),
        [(NonInviteClientState.Trying, NonInviteClientInput.Final)] = (NonInviteClientState.Completed, NonInviteClientAction.PassUp | NonInviteClientAction.StartTimerK),
        [(NonInviteClientState.Trying, NonInviteClientInput.TimerE)] = (NonInviteClientState.Trying, NonInviteClientAction.Resend),
        [(NonInviteClientState.Trying, NonInviteClientInput.TimerF)] = (NonInviteClientState.Terminated, NonInviteClientAction.ReportTimeout),
        [(NonInviteClientState.Trying, NonInviteClientInput.TransportError)] = (NonInviteClientState.Terminated, NonInviteClientAction.ReportTransportError),
        [(NonInviteClientState.Proceeding, NonInviteClientInput.Provisional)] = (NonInviteClientState.Proceeding, NonInviteClientAction.PassUp),
        [(NonInviteClientState.Proceeding, NonInviteClientInput.Final)] = (NonInviteClientState.Completed, NonInviteClientAction.PassUp | NonInviteClientAction.StartTimerK),
        [(NonInviteClientState.Proceeding, NonInviteClientInput.TimerE)] = (NonInviteClientState.Proceeding, NonInviteClientAction.Resend),
        [(NonInviteClientState.Proceeding, NonInviteClientInput.TimerF)] = (NonInviteClientState.Terminated, NonInviteClientAction.ReportTimeout),
        [(NonInviteClientState.Proceeding, NonInviteClientInput.TransportError)] = (NonInviteClientState.Terminated, NonInviteClientAction.ReportTransportError),
        [(NonInviteClientState.Completed, NonInviteClientInput.TimerK)] = (NonInviteClientState.Terminated, NonInviteClientAction.None),
    };

    private static readonly Dictionary<(InviteServerState, InviteServerInput), (InviteServerState, InviteServerAction)> InviteServer = new()
    {
        [(InviteServerState.Proceeding, InviteServerInput.Request)] = (InviteServerState.Proceeding, InviteServerAction.Resend),
        [(InviteServerState.Proceeding, InviteServerInput.SendProvisional)] = (InviteServerState.Proceeding, InviteServerAction.Send),
        [(InviteServerState.Proceeding, InviteServerInput.SendSuccess)] = (InviteServerState.Accepted, InviteServerAction.Send | InviteServerAction.StartTimerL),
        [(InviteServerState.Proceeding, InviteServerInput.SendFailure)] = (InviteServerState.Completed, InviteServerAction.Send | InviteServerAction.StartTimersGH),
        [(InviteServerState.Proceeding, InviteServerInput.TimerTrying)] = (InviteServerState.Proceeding, InviteServerAction.SendTrying),
        [(InviteServerState.Proceeding, InviteServerInput.TransportError)] = (InviteServerState.Terminated, InviteServerAction.ReportTransportError),
        [(InviteServerState.Accepted, InviteServerInput.SendSuccess)] = (InviteServerState.Accepted, InviteServerAction.Send),
        [(InviteServerState.Accepted, InviteServerInput.TimerL)] = (InviteServerState.Terminated, InviteServerAction.None),
        [(InviteServerState.Completed, InviteServerInput.Request)] = (InviteServerState.Completed, InviteServerAction.Resend),
        [(InviteServerState.Completed, InviteServerInput.TimerG)] = (InviteServerState.Completed, InviteServerAction.Resend),
        [(InviteServerState.Completed, InviteServerInput.Ack)] = (InviteServerState.Confirmed, InviteServerAction.StartTimerI),
        [(InviteServerState.Completed, InviteServerInput.TimerH)] = (InviteServerState.Terminated, InviteServerAction.ReportTimeout),
        [(InviteServerState.Completed, InviteServerInput.TransportError)] = (InviteServerState.Terminated, InviteServerAction.ReportTransportError),
        [(InviteServerState.Confirmed, InviteServerInput.TimerI)] = (InviteServerState.Terminated, InviteServerAction.None),
    };

    private static readonly Dictionary<(NonInviteServerState, NonInviteServerInput), (NonInviteServerState, NonInviteServerAction)> NonInviteServer = new()
    {
        [(NonInviteServerState.Trying, NonInviteServerInput.SendProvisional)] = (NonInviteServerState.Proceeding, NonInviteServerAction.Send),
        [(NonInviteServerState.Trying, NonInviteServerInput.SendFinal)] = (NonInviteServerState.Completed, NonInviteServerAction.Send | NonInviteServerAction.StartTimerJ),
        [(NonInviteServerState.Trying, NonInviteServerInput.TransportError)] = (NonInviteServerState.Terminated, NonInviteServerAction.ReportTransportError),
        [(NonInviteServerState.Proceeding, NonInviteServerInput.Request)] = (NonInviteServerState.Proceeding, NonInviteServerAction.Resend),
        [(NonInviteServerState.Proceeding, NonInviteServerInput.SendProvisional)] = (NonInviteServerState.Proceeding, NonInviteServerAction.Send),
        [(NonInviteServerState.Proceeding, NonInviteServerInput.SendFinal)] = (NonInviteServerState.Completed, NonInviteServerAction.Send | NonInviteServerAction.StartTimerJ),
        [(NonInviteServerState.Proceeding, NonInviteServerInput.TransportError)] = (NonInviteServerState.Terminated, NonInviteServerAction.ReportTransportError),
        [(NonInviteServerState.Completed, NonInviteServerInput.Request)] = (NonInviteServerState.Completed, NonInviteServerAction.Resend),
        [(NonInviteServerState.Completed, NonInviteServerInput.TimerJ)] = (NonInviteServerState.Terminated, NonInviteServerAction.None),
        [(NonInviteServerState.Completed, NonInviteServerInput.TransportError)] = (NonInviteServerState.Terminated, NonInviteServerAction.ReportTransportError),
    };

    [Fact]
    public void Invite_client_follows_RFC_3261_figure_5_with_RFC_6026() => Check(InviteClient, InviteClientMachine.Step);

    [Fact]
    public void Non_invite_client_follows_RFC_3261_figure_6() => Check(NonInviteClient, NonInviteClientMachine.Step);

    [Fact]
    public void Invite_server_follows_RFC_3261_figure_7_with_RFC_6026() => Check(InviteServer, InviteServerMachine.Step);

    [Fact]
    public void Non_invite_server_follows_RFC_3261_figure_8() => Check(NonInviteServer, NonInviteServerMachine.Step);

    private static void Check<TState, TInput, TAction>(
        Dictionary<(TState, TInput), (TState, TAction)> table, Func<TState, TInput, (TState, TAction)> step)
        where TState : struct, Enum
        where TInput : struct, Enum
        where TAction : struct, Enum
    {
        foreach (var state in Enum.GetValues<TState>())
        {
            foreach (var input in Enum.GetValues<TInput>())
            {
                var expected = table.TryGetValue((state, input), out var row) ? row : (state, default(TAction));
                Assert.True(expected.Equals(step(state, input)), $"{state} + {input}: {step(state, input)} instead of {expected}");
            }
        }
    }
}
