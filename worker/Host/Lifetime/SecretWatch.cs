using ClickToDial.Worker.Configuration;

namespace ClickToDial.Worker.Lifetime;

/// <summary>
/// Looks at the files of secrets again and again, and takes what has changed while calls run. A file that is gone, cannot be read or holds
/// nothing usable (or is half written yet) leaves its secret as it was.
/// </summary>
internal sealed class SecretWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private readonly WorkerSecrets _secrets;
    private readonly ILogger _logger;
    private readonly HashSet<string> _bad = new(StringComparer.Ordinal);
    private readonly ITimer? _timer;
    private int _looking;

    public SecretWatch(WorkerSettings settings, TimeProvider time, ILogger<SecretWatch> logger)
    {
        _folder = settings.Worker.SecretsFolder;
        _secrets = settings.Secrets;
        _logger = logger;
        // At once too: at the start only the first line of each was read.
        if (_folder.Length > 0) _timer = time.CreateTimer(_ => Look(), null, TimeSpan.Zero, Interval);
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        // A slow disk must not let looks pile up.
        if (Interlocked.Exchange(ref _looking, 1) != 0) return;
        foreach (var (file, secret) in _secrets.ByFile)
        {
            var path = Path.Combine(_folder, file);
            try
            {
                if (!File.Exists(path)) continue;
                var values = WorkerSecrets.Lines(path);
                if (!WorkerSecrets.IsGood(file, values)) Complain(file);
                else if (secret.Replace(values)) SecretLog.Taken(_logger, file, values.Count);
                else _bad.Remove(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Complain(file);
            }
        }
        Volatile.Write(ref _looking, 0);
    }

    private void Complain(string file)
    {
        if (_bad.Add(file)) SecretLog.Unusable(_logger, file);
    }
}

internal static partial class SecretLog
{
    [LoggerMessage(6020, LogLevel.Information, "Secret {File} was taken anew: {Count} values")]
    public static partial void Taken(ILogger logger, string file, int count);

    [LoggerMessage(6021, LogLevel.Warning, "Secret {File} cannot be used, and what was known of it stays")]
    public static partial void Unusable(ILogger logger, string file);
}
