namespace ClickToDial.Sip.Endpoint;

/// <summary>What an endpoint keeps at one moment. All of it goes back to nothing when peers are quiet for 64*T1.</summary>
/// <param name="Transactions">Server and client transactions alive.</param>
/// <param name="Timers">Timers armed.</param>
/// <param name="Waiting">Received messages that nobody has handled yet.</param>
public sealed record SipLoad(int Transactions, int Timers, int Dialogs, int Waiting);
