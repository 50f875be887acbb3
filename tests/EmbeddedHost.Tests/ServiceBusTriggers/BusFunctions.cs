using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Tests.Queues;

namespace ClickToDial.EmbeddedHost.Tests.ServiceBusTriggers;

/// <summary>Does what the test says, for every message of every session.</summary>
public sealed class BusFunctions(QueueRecorder recorder)
{
    [Function("Steps")]
    public Task Run(
        [ServiceBusTrigger("%BusQueue%", Connection = "Bus", IsSessionsEnabled = true)] string body, string sessionId, long deliveryCount, CancellationToken cancel) =>
        recorder.HandleAsync($"{sessionId}{body}", deliveryCount, cancel);
}

/// <summary>Triggers that this host does not listen to.</summary>
public static class RefusedBusFunctions
{
    [Function("NoSessions")]
    public static void NoSessions([ServiceBusTrigger("steps", Connection = "Bus")] string body) => _ = body;

    [Function("NoConnection")]
    public static void NoConnection([ServiceBusTrigger("steps", Connection = "Elsewhere", IsSessionsEnabled = true)] string body) => _ = body;

    [Function("Garbage")]
    public static void Garbage([ServiceBusTrigger("steps", Connection = "Garbage", IsSessionsEnabled = true)] string body) => _ = body;
}
