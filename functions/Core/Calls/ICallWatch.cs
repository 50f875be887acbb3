namespace ClickToDial.Core.Calls;

/// <summary>Hears of calls that somebody waits for.</summary>
public interface ICallWatch
{
    /// <summary>Before <paramref name="after"/> is written, so that a crash in between tells it twice, never not at all.</summary>
    Task TellAsync(CallRecord before, CallRecord after, CancellationToken stop);
}
