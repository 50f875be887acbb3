using System.Runtime.InteropServices;

namespace ClickToDial.Worker.Lifetime;

/// <summary>
/// SIGTERM asks the worker to let its calls end, SIGINT (and a second SIGTERM) to end them now. Neither kills the process: the
/// program stops by itself.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Take(context, hurry: _stop.Task.IsCompleted));
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Take(context, hurry: true));
    }

    /// <summary>Completes at the first signal.</summary>
    public Task Stop => _stop.Task;

    /// <summary>Cancelled when calls shall not be waited for.</summary>
    public CancellationToken Hurry => _hurry.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _hurry.Dispose();
    }

    private void Take(PosixSignalContext context, bool hurry)
    {
        context.Cancel = true;
        if (hurry) _hurry.Cancel();
        _stop.TrySetResult();
    }
}
