using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Secrets;

namespace ClickToDial.Worker.Configuration;

/// <summary>What the worker and the functions know each other by, by the names of the files in <see cref="WorkerOptions.SecretsFolder"/>.</summary>
public sealed class WorkerSecrets
{
    private readonly Dictionary<string, LiveSecret> _byFile;

    public WorkerSecrets(WorkerOptions worker, HookOptions hooks) => _byFile = new(StringComparer.Ordinal)
    {
        ["control-token"] = new LiveSecret(worker.ControlToken),
        ["worker-token"] = new LiveSecret(worker.WorkerToken),
        ["pbx-token"] = new LiveSecret(worker.PbxToken),
        ["hook-secret"] = new LiveSecret(hooks.Secret),
    };

    public LiveSecret Control => _byFile["control-token"];

    public LiveSecret Worker => _byFile["worker-token"];

    public LiveSecret Pbx => _byFile["pbx-token"];

    public LiveSecret Hook => _byFile["hook-secret"];

    public IEnumerable<KeyValuePair<string, LiveSecret>> ByFile => _byFile;

    /// <summary>Takes from the folder what has a file there; what has none stays as it is set.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static void Fill(WorkerOptions worker, HookOptions hooks)
    {
        if (worker.SecretsFolder.Length == 0) return;
        worker.ControlToken = First("control-token", worker.ControlToken);
        worker.WorkerToken = First("worker-token", worker.WorkerToken);
        worker.PbxToken = First("pbx-token", worker.PbxToken);
        hooks.Secret = First("hook-secret", hooks.Secret);

        string First(string file, string set)
        {
            var path = Path.Combine(worker.SecretsFolder, file);
            return File.Exists(path) && Lines(path) is [var first, ..] ? first : set;
        }
    }

    /// <summary>One value a line, the one to show first.</summary>
    public static IReadOnlyList<string> Lines(string path) => [.. File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];

    /// <summary>Whether the values of a file can be used.</summary>
    public static bool IsGood(string file, IReadOnlyList<string> values) =>
        values.Count > 0 && values.All(value => file == "hook-secret" ? !new HookOptions { Secret = value }.Validate().Any() : value.Length >= WorkerOptions.ShortestSecret);
}
