using ClickToDial.Calls.Secrets;
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
    private readonly SecretMetrics? _metrics;
    private readonly ITimer? _timer;
    private volatile bool _isGood = true;
    private int _looking;

    public SecretWatch(WorkerSettings settings, TimeProvider time, ILogger<SecretWatch> logger)
    {
        _folder = settings.Worker.SecretsFolder;
        _secrets = settings.Secrets;
        _logger = logger;
        // At once too: at the start only the first line of each was read.
        if (_folder.Length == 0) return;
        _metrics = new SecretMetrics(() => _isGood);
        _timer = time.CreateTimer(_ => Look(), null, TimeSpan.Zero, Interval);
    }

    /// <summary>Whether all files could be used at the last look: <c>up</c> or <c>down</c>; <c>off</c> where secrets are as the settings say.</summary>
    public string Word => _folder.Length == 0 ? "off" : _isGood ? "up" : "down";

    public void Dispose()
    {
        _timer?.Dispose();
        _metrics?.Dispose();
    }

    private void Look()
    {
        // A slow disk must not let looks pile up.
        if (Interlocked.Exchange(ref _looking, 1) != 0) return;
        var isGood = Directory.Exists(_folder);
        foreach (var (file, secret) in _secrets.ByFile) isGood &= IsGood(file, secret);
        _isGood = isGood;
        Volatile.Write(ref _looking, 0);
    }

    private bool IsGood(string file, LiveSecret secret)
    {
        try
        {
            var path = Path.Combine(_folder, file);
            if (!File.Exists(path)) return true;
            var values = WorkerSecrets.Lines(path);
            if (!WorkerSecrets.IsGood(file, values)) return Complain(file);
            if (secret.Replace(values)) SecretLog.Taken(_logger, file, values.Count);
            _bad.Remove(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Complain(file);
        }
    }

    private bool Complain(string file)
    {
        // Whoever reads the log finds it in the health.
        _isGood = false;
        if (_bad.Add(file)) SecretLog.Unusable(_logger, file);
        return false;
    }
}

internal static partial class SecretLog
{
    [LoggerMessage(6020, LogLevel.Information, "Secret {File} was taken anew: {Count} values")]
    public static partial void Taken(ILogger logger, string file, int count);

    [LoggerMessage(6021, LogLevel.Warning, "Secret {File} cannot be used, and what was known of it stays")]
    public static partial void Unusable(ILogger logger, string file);
}
