using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.TestKit.Suite;

/// <summary>One process of the product, which a test may stop, kill and start again with the same settings.</summary>
/// <param name="health">Answers with success once the part is ready.</param>
public sealed class SuitePart(ChildProcessOptions options, Uri health) : IAsyncDisposable
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(50);

    private ChildProcess? _process;

    /// <summary>Lines of output of all its lives.</summary>
    public EventLog<string> Output { get; } = new(options.Name);

    public bool IsRunning => _process is { IsRunning: true };

    /// <summary>The process that runs now.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException($"{options.Name} was not started.");

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public async Task StartAsync()
    {
        await BeginAsync();
        await ReadyAsync();
    }

    /// <summary>Starts it without waiting until it is ready.</summary>
    public async Task BeginAsync()
    {
        if (IsRunning) throw new InvalidOperationException($"{options.Name} runs already.");
        if (_process is not null) await _process.DisposeAsync();
        _process = ChildProcess.Start(options with { OnLine = Keep });
    }

    /// <summary>Waits until its health address answers with success.</summary>
    /// <exception cref="TimeoutException">It is not ready, or has ended.</exception>
    public async Task ReadyAsync()
    {
        using var http = new HttpClient { Timeout = Patience.Step };
        using var patience = new CancellationTokenSource(Patience.Start);
        // A probe from outside, as any orchestrator's: a starting process has no other way to be asked.
        using var pace = new PeriodicTimer(BetweenProbes);
        while (await AskAsync(http) is { } answer)
        {
            if (!IsRunning) throw new TimeoutException($"{options.Name} ended while it started. {Process.LastOutput()}");
            if (patience.IsCancellationRequested) throw new TimeoutException($"{options.Name} is not ready ({answer}). {Process.LastOutput()}");
            await pace.WaitForNextTickAsync();
        }
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    public async Task StopAsync(TimeSpan? limit = null)
    {
        if (IsRunning) await Process.TerminateAsync(limit);
    }

    /// <summary>Ends it at once, as a machine that loses power.</summary>
    public async Task KillAsync()
    {
        if (IsRunning) await Process.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }

    private void Keep(string line)
    {
        Output.Append(line);
        options.OnLine?.Invoke(line);
    }

    // Null when all is well, else what was answered.
    private async Task<string?> AskAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(health);
            return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }
}
