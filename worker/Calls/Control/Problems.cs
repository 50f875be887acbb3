using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Control;

/// <summary>Every refusal of the control API.</summary>
internal static class Problems
{
    public static WorkerProblem Unauthorized { get; } = Make(401, WorkerProblemReasons.Unauthorized, "The control token is missing or wrong.");

    public static WorkerProblem Conflict { get; } = Make(409, WorkerProblemReasons.Conflict, "A call of that id exists with another command.");

    public static WorkerProblem NotFound { get; } = Make(404, WorkerProblemReasons.NotFound, "There is no such call.");

    public static WorkerProblem NoRecording { get; } = Make(404, WorkerProblemReasons.NoRecording, "There is no such recording to be fetched.");

    public static WorkerProblem RecordingUnderWay { get; } = Make(409, WorkerProblemReasons.RecordingUnderWay, "The recording is under way.");

    public static WorkerProblem TooLate { get; } = Make(410, WorkerProblemReasons.TooLate, "The command came after its time limit; nothing was dialled.");

    public static WorkerProblem Draining { get; } = Make(503, WorkerProblemReasons.Draining, "This worker is shutting down.");

    public static WorkerProblem NoCapacity { get; } = Make(503, WorkerProblemReasons.NoCapacity, "This worker is full.");

    public static WorkerProblem NotReady { get; } = Make(503, WorkerProblemReasons.NotReady, "This worker is not ready.");

    public static WorkerProblem TooManyWatches { get; } = Make(503, WorkerProblemReasons.TooManyWatches, "Too many are watching already.");

    public static WorkerProblem TooLarge { get; } = Make(413, WorkerProblemReasons.InvalidCommand, "The body is larger than 64 KB.");

    /// <summary>The word for why an order was not carried out; null when it was.</summary>
    public static string? ReasonOf(OrderVerdict verdict) => verdict is OrderVerdict.Done ? null : Of(verdict).Reason;

    /// <summary>Why an order was not carried out.</summary>
    public static WorkerProblem Of(OrderVerdict verdict) => verdict switch
    {
        OrderVerdict.NotFound => NotFound,
        OrderVerdict.Ended => Make(409, WorkerProblemReasons.CallEnded, "The call has ended."),
        OrderVerdict.Conflict => Make(409, WorkerProblemReasons.CommandConflict, "Another command came before under that command id."),
        OrderVerdict.NoSuchLeg => Make(409, WorkerProblemReasons.NoSuchLeg, "No such leg takes part in the call now."),
        OrderVerdict.TransferUnderWay => Make(409, WorkerProblemReasons.TransferUnderWay, "A transfer of the call is under way."),
        OrderVerdict.HeldByDevice => Make(409, WorkerProblemReasons.HeldByDevice, "The phone itself holds, and only it can resume."),
        OrderVerdict.TargetUnreachable => Make(409, WorkerProblemReasons.TargetUnreachable, "The target of the transfer cannot be reached."),
        OrderVerdict.NotSupported => Make(501, WorkerProblemReasons.NotSupported, "That cannot be done with this leg, or on this worker."),
        OrderVerdict.NoSuchPrompt => Make(409, WorkerProblemReasons.NoSuchPrompt, "There is no prompt of that name."),
        OrderVerdict.CannotBeAnswered => Make(409, WorkerProblemReasons.CannotBeAnswered, "No device that rings can be told to answer."),
        OrderVerdict.AmbiguousLeg => Make(409, WorkerProblemReasons.AmbiguousLeg, "Several devices could answer: name one by its leg's id."),
        _ => Make(409, WorkerProblemReasons.CallNotReady, "The call is not where the command makes sense."),
    };

    public static WorkerProblem Invalid(string detail) =>
        Make(400, WorkerProblemReasons.InvalidCommand, "The command is not valid.") with { Detail = detail };

    private static WorkerProblem Make(int status, string reason, string title) =>
        new($"urn:clicktodial:problem:{reason}", title, status, reason);
}
