using ClickToDial.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>
/// Looks at where secrets are kept again and again, and gives what has changed to who uses it. Where no answer comes, or a bad one,
/// everything stays as it was; what could not be used is tried again at each look, until it can or is another.
/// </summary>
internal sealed partial class SecretWatch(
    IServiceProvider services, SecretStoreOptions options, LiveConfiguration live, IConfiguration settings, IEnumerable<ILiveOptions> users,
    SecretHealth health, AppMetrics metrics, TimeProvider time, IRandomSource random, ILogger<SecretWatch> logger) : BackgroundService, IHostedLifecycleService
{
    private readonly ISecretStore? _store = services.GetService<ISecretStore>();
    private bool _isAllTaken = true;

    /// <summary>The first look was before the settings were checked: here is said what came of it.</summary>
    public Task StartingAsync(CancellationToken stop)
    {
        if (live.Unresolved.Count > 0) LogUnresolved(string.Join(", ", live.Unresolved.Order(StringComparer.Ordinal)));
        if (services.GetService<FirstSecrets>() is { } first)
        {
            Tell(isTaken: first.Fault is null);
            if (first.Fault is { } fault) LogNoAnswer(fault);
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken stop) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken stop) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken stop) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        // What had no answer at the start is asked again at once.
        if (_store is not null && live.Known is null) await LookAsync(_store, stop);
        while (_store is not null)
        {
            await Task.Delay(Pause(), time, stop);
            await LookAsync(_store, stop);
        }
    }

    // Instances that were started together do not ask together.
    private TimeSpan Pause()
    {
        Span<byte> dice = stackalloc byte[1];
        random.Fill(dice);
        return TimeSpan.FromSeconds(options.EverySeconds * (0.9 + (0.2 * dice[0] / byte.MaxValue)));
    }

    private async Task LookAsync(ISecretStore store, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            var secrets = await store.ReadAsync(either.Token);
            // A folder that is not mounted, or another vault: nobody takes everything away at once.
            if (secrets.Count == 0 && live.Known is { Count: > 0 }) throw new InvalidDataException("There is no secret left.");
            if (live.Replace(secrets) || !_isAllTaken) Take(secrets.Count);
            Tell(_isAllTaken);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Whatever it is, the app goes on with what it has.
            Tell(isTaken: false);
            LogNoAnswer(e.GetType().Name);
        }
    }

    private void Tell(bool isTaken)
    {
        metrics.SecretsLooked(isTaken);
        health.Looked(isTaken);
    }

    // One that cannot use its secrets keeps no other from theirs.
    private void Take(int count)
    {
        _isAllTaken = true;
        foreach (var one in users) _isAllTaken &= IsTaken(one);
        if (_isAllTaken) LogTaken(count);
    }

    private bool IsTaken(ILiveOptions one)
    {
        try
        {
            var faults = one.Take(settings);
            foreach (var fault in faults) LogUnusable(one.Section, fault);
            return faults.Count == 0;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Such as a value that no setting of that name can have.
            LogUnusable(one.Section, e.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(1070, LogLevel.Information, "Secrets were taken anew, {Count} of them")]
    private partial void LogTaken(int count);

    [LoggerMessage(1071, LogLevel.Warning, "New secrets of {Section} cannot be used ({Fault}), and what was known stays")]
    private partial void LogUnusable(string section, string fault);

    [LoggerMessage(1072, LogLevel.Warning, "Secrets could not be read ({Fault}), and what was known stays")]
    private partial void LogNoAnswer(string fault);

    [LoggerMessage(1073, LogLevel.Error, "Settings hold references that were not resolved, and count as missing: {Names}")]
    private partial void LogUnresolved(string names);
}
