using Azure;
using ClickToDial.EmbeddedHost.Durable.Engine;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Storage;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

public sealed class SessionMemoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact(DisplayName = "C9: timers of an execution that is over fire in none that follows, also when its end was found by reading")]
    public void Timers_end_with_their_execution()
    {
        var memory = new SessionMemory(Stored("first", 1)) { OpenTimers = new Dictionary<int, DateTime> { [1] = Now.UtcDateTime } };
        Assert.Single(memory.Take(Now));

        memory.Adopt(Stored("second", 0));

        Assert.Empty(memory.Take(Now));
    }

    private static StoredInstance Stored(string execution, int turns)
    {
        var state = new InstanceState
        {
            InstanceId = "i",
            Name = "n",
            ExecutionId = execution,
            Generation = 1 - turns,
            Turns = turns,
            CreatedAt = Now,
            UpdatedAt = Now,
            Owner = "h",
            CommitId = "c",
        };
        var began = new Turn(Now.UtcDateTime, [new ExecutionStarted(null)], [new TimerCreated(1, Now.UtcDateTime)]);
        return new StoredInstance(state, new ETag("e"), turns == 0 ? [] : [began], [], [], [], []);
    }
}
