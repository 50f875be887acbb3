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

    /// <summary>The command came after its <see cref="OriginateCommand.NotAfter"/>; nothing was dialled.</summary>
    public const string TooLate = "command-too-late";

    /// <summary>Shutting down: no new calls.</summary>
    public const string Draining = "worker-draining";
    public const string NoCapacity = "worker-no-capacity";

    /// <summary>The worker has not yet learned domains, users and trunks.</summary>
    public const string NotReady = "worker-not-ready";
}
