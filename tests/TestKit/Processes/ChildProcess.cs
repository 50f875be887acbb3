using System.Diagnostics;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Processes;

/// <summary>
/// A real process started by a test, in a process group of its own: what it says is kept as events, and when the test is
/// done, fails, or dies in an orderly way, the whole group is killed.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly EventHandler _onOurExit;
    private readonly StreamWriter? _logFile;
    private readonly Action<string>? _onLine;
    private readonly SemaphoreSlim _writing = new(1);

    private ChildProcess(ChildProcessOptions options, Process process)
    {
        Name = options.Name;
        _process = process;
        _onLine = options.OnLine;
        Output = new EventLog<string>(options.Name);
        Witness.Call(Output);
        if (options.LogFile is not null) _logFile = new StreamWriter(options.LogFile, append: true) { AutoFlush = true };
        _onOurExit = (_, _) => Signal(ProcessSignal.Kill);
        AppDomain.CurrentDomain.ProcessExit += _onOurExit;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _exited.TrySetResult(_process.ExitCode);
        _process.Start();
        Id = _process.Id;
        _reading = ReadAllAsync();
    }

    public string Name { get; }

    public int Id { get; }

    /// <summary>Lines of standard output and error as they come.</summary>
    public EventLog<string> Output { get; }

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited => _exited.Task;

    public bool IsRunning => !_exited.Task.IsCompleted;

    /// <exception cref="InvalidOperationException">The program cannot be started.</exception>
    public static ChildProcess Start(ChildProcessOptions options)
    {
        // setsid makes the child the leader of a new group, and replaces itself by the program: the id stays the same.
        var start = new ProcessStartInfo("setsid", [options.FileName, .. options.Arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        foreach (var (key, value) in options.Environment ?? new Dictionary<string, string?>())
        {
            if (value is null) start.Environment.Remove(key);
            else start.Environment[key] = value;
        }
        return new ChildProcess(options, new Process { StartInfo = start });
    }

    /// <summary>Waits for a line of output.</summary>
    public Task<string> SaysAsync(Func<string, bool> line, string what, TimeSpan? limit = null, int from = 0) =>
        Output.WaitAsync(line, what, limit, from);

    /// <summary>Writes a line to its standard input. Lines of several callers do not mix.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Signal(ProcessSignal signal)
    {
        if (IsRunning) ProcessSignals.SendToGroup(Id, signal);
    }

    /// <summary>Asks it to end (SIGTERM to the process itself) and waits.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It is still there after <paramref name="limit"/>.</exception>
    public async Task<int> TerminateAsync(TimeSpan? limit = null)
    {
        if (IsRunning) ProcessSignals.Send(Id, ProcessSignal.Terminate);
        return await ExitAsync(limit);
    }

    /// <summary>Kills the whole group at once (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Signal(ProcessSignal.Kill);
        await ExitAsync(null);
    }

    /// <summary>Waits until it ends and everything it said was read.</summary>
    /// <exception cref="TimeoutException">It is still there after <paramref name="limit"/>.</exception>
    public async Task<int> ExitAsync(TimeSpan? limit = null)
    {
        try
        {
            var code = await Exited.WaitAsync(limit ?? Patience.Step);
            // Children it left behind would keep its output open.
            ProcessSignals.SendToGroup(Id, ProcessSignal.Kill);
            await _reading.WaitAsync(limit ?? Patience.Step);
            return code;
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{Name} has not ended. {LastOutput()}", e);
        }
    }

    public string LastOutput() =>
        $"Last output:{Environment.NewLine}{string.Join(Environment.NewLine, Output.Snapshot().Where(l => l.Length > 0).TakeLast(40))}";

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _onOurExit;
        // The leader may have ended and left children behind, so the group is signalled in any case.
        ProcessSignals.SendToGroup(Id, ProcessSignal.Kill);
        await ExitAsync();
        Witness.Dismiss(Output);
        if (_logFile is not null) await _logFile.DisposeAsync();
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAllAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        var code = await Exited;
        Output.Close($"it ended with code {code}");
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Output.Append(line);
            _onLine?.Invoke(line);
            if (_logFile is not null) lock (_logFile) _logFile.WriteLine(line);
        }
    }
}
