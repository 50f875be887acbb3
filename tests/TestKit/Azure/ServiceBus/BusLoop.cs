using System.Threading.Channels;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>
/// The one thread of the broker: whatever the wire or the clock brings is a step here, so that queues need no locks and
/// the order of messages is the order of steps.
/// </summary>
internal sealed class BusLoop : IAsyncDisposable
{
    private readonly Channel<Action> _steps = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<TimeSpan?> _afterStep;
    private readonly ITimer _timer;
    private readonly Task _running;
    private Exception? _defect;

    /// <param name="afterStep">Runs after every step; the time until it wants to run again though nothing came, or null.</param>
    public BusLoop(Func<TimeSpan?> afterStep, TimeProvider time)
    {
        _afterStep = afterStep;
        _timer = time.CreateTimer(_ => Post(static () => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
    }

    public void Post(Action step) => _steps.Writer.TryWrite(step);

    /// <summary>Runs a step and gives its answer, or its exception, to the caller.</summary>
    public Task<T> AskAsync<T>(Func<T> step)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(step());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return answer.Task;
    }

    /// <exception cref="InvalidOperationException">A step failed: the broker did not behave, and neither does the test that used it.</exception>
    public async ValueTask DisposeAsync()
    {
        _steps.Writer.TryComplete();
        await _running.WaitAsync(Patience.Step);
        await _timer.DisposeAsync();
        if (_defect is not null) throw new InvalidOperationException("The broker has a defect.", _defect);
    }

    private async Task RunAsync()
    {
        await foreach (var step in _steps.Reader.ReadAllAsync())
        {
            try
            {
                step();
                if (_afterStep() is { } pause) _timer.Change(pause, Timeout.InfiniteTimeSpan);
            }
            catch (Exception e)
            {
                _defect ??= e;
            }
        }
    }
}
