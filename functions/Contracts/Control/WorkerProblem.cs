namespace ClickToDial.Contracts.Control;

/// <summary>Why the worker refuses a command: problem details (RFC 9457) with our stable reason slug.</summary>
public sealed record WorkerProblem(string Type, string Title, int Status, string Reason, string? Detail = null);

/// <summary>Reason slugs of refused control commands.</summary>
public static class WorkerProblemReasons
{
    public const string Unauthorized = "worker-token-invalid";
    public const string InvalidCommand = "command-invalid";

    /// <summary>A call of that id exists with another command.</summary>
    public const string Conflict = "call-id-conflict";
    public const string NotFound = "call-not-found";
    public const string NoRecording = "recording-not-found";
    public const string RecordingUnderWay = "recording-under-way";

    /// <summary>The command came after its <see cref="OriginateCommand.NotAfter"/>; nothing was dialled.</summary>
    public const string TooLate = "command-too-late";

    /// <summary>Shutting down: no new calls.</summary>
    public const string Draining = "worker-draining";
    public const string NoCapacity = "worker-no-capacity";

    /// <summary>The worker has not yet learned domains, users and trunks.</summary>
    public const string NotReady = "worker-not-ready";

    /// <summary>Another command came before under the same command id.</summary>
    public const string CommandConflict = "command-id-conflict";

    /// <summary>The call has ended.</summary>
    public const string CallEnded = "call-ended";

    /// <summary>The call is not where the command makes sense: its ends do not talk, or nothing rings.</summary>
    public const string CallNotReady = "call-state-wrong";

    /// <summary>No such leg takes part in the call now.</summary>
    public const string NoSuchLeg = "leg-not-found";

    /// <summary>A transfer of the call is under way.</summary>
    public const string TransferUnderWay = "transfer-under-way";

    /// <summary>The phone itself holds, and only it can resume.</summary>
    public const string HeldByDevice = "held-by-device";

    /// <summary>The target cannot be reached: no route, no registered device, no port, or the calls cannot be joined.</summary>
    public const string TargetUnreachable = "transfer-target-unreachable";

    /// <summary>The side has no sound that could be played to, recorded or sent keys.</summary>
    public const string NotSupported = "command-not-supported";

    /// <summary>The worker has no prompt of that name.</summary>
    public const string NoSuchPrompt = "prompt-not-found";

    /// <summary>No device that rings can be told to answer: none has said that it takes <c>Event: talk</c>.</summary>
    public const string CannotBeAnswered = "answer-not-supported";

    /// <summary>Several devices could be told to answer, and the command does not say which by its leg's id.</summary>
    public const string AmbiguousLeg = "leg-ambiguous";

    /// <summary>To a page: the two calls that it wants joined are at different workers.</summary>
    public const string CallsApart = "calls-at-different-workers";

    /// <summary>As many readers as the worker takes are watching its calls.</summary>
    public const string TooManyWatches = "worker-too-many-watches";
}
