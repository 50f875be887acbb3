using System.Text.Json;
using Azure;
using Azure.Identity;
using ClickToDial.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>
/// Looks at where secrets are kept, before anything is served and then again and again, and gives what has changed to who uses it. Where
/// no answer comes, or a bad one, everything stays as it was.
/// </summary>
internal sealed partial class SecretWatch(
    IServiceProvider services, SecretStoreOptions options, LiveConfiguration live, IConfiguration settings, IEnumerable<ILiveOptions> users,
    SecretHealth health, TimeProvider time, IRandomSource random, ILogger<SecretWatch> logger) : BackgroundService, IHostedLifecycleService
{
    private readonly ISecretStore? _store = services.GetService<ISecretStore>();

    public Task StartingAsync(CancellationToken stop) => LookAsync(isFirst: true, stop);

    public Task StartedAsync(CancellationToken stop) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken stop) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken stop) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        while (_store is not null)
        {
            await Task.Delay(Pause(), time, stop);
            await LookAsync(isFirst: false, stop);
        }
    }

    // Instances that were started together do not ask together.
    private TimeSpan Pause()
    {
        Span<byte> dice = stackalloc byte[1];
        random.Fill(dice);
        return TimeSpan.FromSeconds(options.EverySeconds * (0.9 + (0.2 * dice[0] / byte.MaxValue)));
    }

    private async Task LookAsync(bool isFirst, CancellationToken stop)
    {
        if (_store is null) return;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            var secrets = await _store.ReadAsync(either.Token);
            health.Looked(isAnswered: true);
            if (live.Replace(secrets) || isFirst) Take(secrets.Count);
        }
        catch (Exception e) when (!stop.IsCancellationRequested && IsNoAnswer(e))
        {
            health.Looked(isAnswered: false);
            LogNoAnswer(e.GetType().Name);
        }
    }

    private static bool IsNoAnswer(Exception e) =>
        e is RequestFailedException or AuthenticationFailedException or OperationCanceledException or IOException or UnauthorizedAccessException
            or JsonException or FormatException or KeyNotFoundException or InvalidOperationException or AggregateException;

    private void Take(int count)
    {
        foreach (var one in users)
        {
            try
            {
                foreach (var fault in one.Take(settings)) LogUnusable(one.Section, fault);
            }
            catch (InvalidOperationException e)
            {
                // A value that no setting of that name can have.
                LogUnusable(one.Section, e.GetType().Name);
            }
        }

        LogTaken(count);
    }

    [LoggerMessage(1070, LogLevel.Information, "Secrets were taken anew, {Count} of them")]
    private partial void LogTaken(int count);

    [LoggerMessage(1071, LogLevel.Warning, "New secrets of {Section} cannot be used ({Fault}), and what was known stays")]
    private partial void LogUnusable(string section, string fault);

    [LoggerMessage(1072, LogLevel.Warning, "Secrets could not be read ({Fault}), and what was known stays")]
    private partial void LogNoAnswer(string fault);
}
