namespace ClickToDial.Contracts.Control;

/// <summary>
/// Body of <c>PUT /control/calls/{callId}</c> on the worker: ring all of the user's devices, then the destination.
/// The call id is the idempotency key: the same command again answers with the call as it is; another body is a conflict.
/// </summary>
/// <param name="Destination">E.164 number with "+", user name of the same domain, or test number.</param>
/// <param name="Prompt">Ask the user to press 1 before the destination is dialled (V4).</param>
/// <param name="RingTimeoutSeconds">For each of the two ringing phases: 5 to 180.</param>
/// <param name="MaxDurationSeconds">From the moment both ends talk; null for the worker's own limit.</param>
/// <param name="NotAfter">
/// The worker refuses to begin a call that reaches it later (<see cref="WorkerProblemReasons.TooLate"/>), so that a command delayed on
/// its way dials nobody whom the sender has given up. Null for no limit. Set anew for every attempt: like <paramref name="TraceParent"/>
/// it does not make another command, and a call that has begun is answered however late the repeat is.
/// </param>
/// <param name="AutoAnswer">
/// Ask the user's devices to answer by themselves. Whether one does is its own settings' matter; one that does not rings as ever.
/// </param>
/// <param name="Asked">What a page asked for, where another destination is called for it, as events tell it; null where it is the same.</param>
public sealed record OriginateCommand(
    string Domain,
    string User,
    string Destination,
    string? CallerId = null,
    bool Prompt = false,
    int RingTimeoutSeconds = 30,
    int? MaxDurationSeconds = null,
    string? TraceParent = null,
    DateTimeOffset? NotAfter = null,
    bool AutoAnswer = false,
    string? Asked = null);
