using ClickToDial.TestKit.Events;

namespace ClickToDial.EmbeddedHost.Tests.Queues;

/// <summary>What functions saw, and what they are told to do with a message.</summary>
public sealed class QueueRecorder
{
    public EventLog<string> Seen { get; } = new("queue functions");

    /// <summary>Body, attempt, and the invocation's token.</summary>
    public Func<string, long, CancellationToken, Task> Script { get; set; } = (_, _, _) => Task.CompletedTask;

    public void Append(string what) => Seen.Append(what);

    public async Task HandleAsync(string body, long attempt, CancellationToken cancel)
    {
        Seen.Append($"start {body} {attempt}");
        await Script(body, attempt, cancel);
        Seen.Append($"end {body} {attempt}");
    }
}
