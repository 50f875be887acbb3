namespace ClickToDial.TestKit.Processes;

/// <param name="Name">Said in failures, such as "worker".</param>
/// <param name="Environment">Added to this process's own; a null value removes the variable.</param>
/// <param name="LogFile">Every line of output is also written here when given, for looking at after a failure.</param>
/// <param name="OnLine">Called with every line of output, on any thread.</param>
public sealed record ChildProcessOptions(
    string Name,
    string FileName,
    IReadOnlyList<string> Arguments,
    string? WorkingDirectory = null,
    IReadOnlyDictionary<string, string?>? Environment = null,
    string? LogFile = null,
    Action<string>? OnLine = null);
