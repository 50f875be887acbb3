using Azure;
using ClickToDial.EmbeddedHost.Durable.Storage;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>A session and the task that runs it.</summary>
internal sealed class RunningSession(InstanceSession session)
{
    public InstanceSession Session => session;

    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>The index entry as this host last saw it.</summary>
    public ETag Seen { get; set; }

    /// <summary>Passes a knock on.</summary>
    public void LookAt(ActiveInstance active)
    {
        if (active.ETag == Seen) return;
        Seen = active.ETag;
        session.Post(new Knocked());
    }
}
