namespace ClickToDial.Contracts.Control;

/// <summary>
/// Body of <c>PUT /control/calls/{callId}</c> on the worker: ring all of the user's devices, then the destination.
/// The call id is the idempotency key: the same command again answers with the call as it is; another body is a conflict.
/// </summary>
/// <param name="Destination">E.164 number with "+", user name of the same domain, or test number.</param>
/// <param name="Prompt">Ask the user to press 1 before the destination is dialled (V4).</param>
/// <param name="RingTimeoutSeconds">For each of the two ringing phases: 5 to 180.</param>
/// <param name="MaxDurationSeconds">From the moment both ends talk; null for the worker's own limit.</param>
public sealed record OriginateCommand(
    string Domain,
    string User,
    string Destination,
    string? CallerId = null,
    bool Prompt = false,
    int RingTimeoutSeconds = 30,
    int? MaxDurationSeconds = null,
    string? TraceParent = null);
