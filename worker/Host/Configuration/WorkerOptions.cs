namespace ClickToDial.Worker.Configuration;

/// <summary>Settings of the process itself, section "Worker". Secrets and the functions' address have no default.</summary>
public sealed class WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>Secrets shorter than this are refused: they are made by machines, not typed.</summary>
    public const int ShortestSecret = 16;

    /// <summary>Base address of the functions, such as <c>http://127.0.0.1:7071</c>. Required.</summary>
    public string FunctionsUrl { get; set; } = "";

    /// <summary>What the functions show to the control API. Required.</summary>
    public string ControlToken { get; set; } = "";

    /// <summary>What this worker shows when it asks for the directory. Required.</summary>
    public string WorkerToken { get; set; } = "";

    /// <summary>What this worker shows when it posts events. Required.</summary>
    public string PbxToken { get; set; } = "";

    /// <summary>
    /// Folder with files named control-token, worker-token, pbx-token and hook-secret, which stand for the settings and are read again
    /// every 5 s. One value a line: the first is shown, all are taken. Empty for none.
    /// </summary>
    public string SecretsFolder { get; set; } = "";

    /// <summary>Where the functions reach the control API, which they are told again and again; empty where they know by their settings.</summary>
    public string AnnounceUrl { get; set; } = "";

    /// <summary>
    /// Control APIs of the other workers, separated by commas, whose phones are called from here; beside them those that the functions name
    /// in their answer to <see cref="AnnounceUrl"/>. All workers have the same <see cref="ControlToken"/>. Empty for none.
    /// </summary>
    public string Fellows { get; set; } = "";

    /// <summary>Where the event spool and the registrations are kept. Required.</summary>
    public string StateFolder { get; set; } = "";

    /// <summary>Told on every event. Default: the name of the machine.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Where the control API and health listen. Default http://127.0.0.1:8080.</summary>
    public string ControlUrl { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Seconds that SIGTERM waits for calls to end. Default 60.</summary>
    public int DrainSeconds { get; set; } = 60;

    /// <summary>Calls at once; more are refused. Default 2000.</summary>
    public int MaxCalls { get; set; } = 2000;

    /// <summary>Seconds that two ends may talk where the command says nothing. Default 4 hours.</summary>
    public int MaxDurationSeconds { get; set; } = 4 * 60 * 60;

    /// <summary>Seconds between two questions for the directory. Default 5.</summary>
    public int DirectorySeconds { get; set; } = 5;

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (!IsHttp(FunctionsUrl)) yield return Error(nameof(FunctionsUrl), "must be an http or https address");
        if (!IsHttp(ControlUrl)) yield return Error(nameof(ControlUrl), "must be an http or https address");
        if (AnnounceUrl.Length > 0 && !IsHttp(AnnounceUrl)) yield return Error(nameof(AnnounceUrl), "must be an http or https address");
        if (!FellowAddresses().All(IsHttp)) yield return Error(nameof(Fellows), "must be http or https addresses, separated by commas");
        foreach (var (name, value) in Secrets())
            if (value.Length < ShortestSecret)
                yield return Error(name, value.Length == 0 ? "is missing" : $"must have at least {ShortestSecret} characters");
        if (StateFolder.Length == 0) yield return Error(nameof(StateFolder), "is missing");
        if (Name.Length is 0 or > 64) yield return Error(nameof(Name), "must have 1 to 64 characters");
        if (DrainSeconds is < 0 or > 24 * 60 * 60) yield return Error(nameof(DrainSeconds), "must be from 0 to 86400");
        if (MaxCalls is < 1 or > 1_000_000) yield return Error(nameof(MaxCalls), "must be from 1 to 1000000");
        if (MaxDurationSeconds is < 1 or > 7 * 24 * 60 * 60) yield return Error(nameof(MaxDurationSeconds), "must be from 1 to 604800");
        if (DirectorySeconds is < 1 or > 3600) yield return Error(nameof(DirectorySeconds), "must be from 1 to 3600");
    }

    /// <summary>Each of <see cref="Fellows"/>.</summary>
    public IReadOnlyList<string> FellowAddresses() => Fellows.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static string Error(string name, string rule) => $"{Section}: {name} {rule}.";

    private IEnumerable<(string Name, string Value)> Secrets()
    {
        yield return (nameof(ControlToken), ControlToken);
        yield return (nameof(WorkerToken), WorkerToken);
        yield return (nameof(PbxToken), PbxToken);
    }
}
