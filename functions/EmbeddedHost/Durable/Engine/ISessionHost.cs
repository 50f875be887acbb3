using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>What a session needs from the host that runs it.</summary>
internal interface ISessionHost
{
    string HostId { get; }

    TimeProvider Time { get; }

    /// <summary>Puts a message into another instance's inbox and wakes it.</summary>
    Task DeliverAsync(string instanceId, string key, Message message, CancellationToken cancel);

    /// <summary>Runs an activity, or has a sub-orchestration run, and posts the answer to the session.</summary>
    void Begin(InstanceSession session, InstanceState parent, OrchestratorAction task);
}
