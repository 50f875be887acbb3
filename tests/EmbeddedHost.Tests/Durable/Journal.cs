using System.Collections.Concurrent;
using ClickToDial.TestKit.Events;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>What the functions of a test did, and gates that hold them until the test says so.</summary>
public sealed class Journal
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public EventLog<string> Entries { get; } = new("journal");

    public void Write(string entry) => Entries.Append(entry);

    public Task WaitAsync(string entry, int from = 0) => Entries.WaitAsync(e => e == entry, entry, from: from);

    public int CountOf(string entry) => Entries.Snapshot().Count(e => e == entry);

    public Task GateAsync(string name) => Gate(name).Task;

    public void Open(string name) => Gate(name).TrySetResult();

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
