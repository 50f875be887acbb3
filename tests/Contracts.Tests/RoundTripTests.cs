using System.Text.Json;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Contracts.Tests;

/// <summary>What one part writes with nothing but the required members, the other reads.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void DirectoryWithNullsThroughout_ReadsBack()
    {
        var directory = new DirectorySnapshot(
            [new DomainEntry("demo.local", [new UserEntry("101", null, null, [])])], [new TrunkEntry("t", ["+"], "sip:127.0.0.1")]);

        var json = JsonSerializer.Serialize(directory, ContractsJson.Default.DirectorySnapshot);
        var read = JsonSerializer.Deserialize(json, ContractsJson.Default.DirectorySnapshot)!;

        Assert.Equal(json, JsonSerializer.Serialize(read, ContractsJson.Default.DirectorySnapshot));
    }

    [Fact]
    public void EventWithNullsThroughout_ReadsBack()
    {
        var parties = new CallParties("demo.local", CallDirection.Outbound, "101", "echo", DateTimeOffset.UnixEpoch);
        var told = new CallEvent("e", CallId.Parse("c"), 1, CallEventType.CallEnded, DateTimeOffset.UnixEpoch, parties)
        {
            Outcome = new CallOutcome(CallResult.Failed, "r"),
            Legs = [new LegSummary("l", LegRole.User, Media: new MediaSummary(null, 0, 0, 0))],
        };

        var json = JsonSerializer.Serialize(told, ContractsJson.Default.CallEvent);
        var read = JsonSerializer.Deserialize(json, ContractsJson.Default.CallEvent)!;

        Assert.Equal(json, JsonSerializer.Serialize(read, ContractsJson.Default.CallEvent));
    }
}
