using System.Reflection;

namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>What the host needs to know beyond what the real one knows. Function code never sees it; tests do.</summary>
public sealed class EmbeddedHostOptions
{
    /// <summary>Where the functions are; the program's own assembly when null.</summary>
    public Assembly? FunctionAssembly { get; set; }

    /// <summary>The only classes to look at; all public classes of the assembly when empty.</summary>
    public IList<Type> FunctionTypes { get; } = [];

    /// <summary>
    /// How long a received queue message stays hidden from others; renewed at half of it while its function runs.
    /// After a crash the message comes back when it is over. Default 30 s, at least 1 s.
    /// </summary>
    public TimeSpan QueueLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a host counts as alive without a sign of life; after a crash its orchestrations are taken up again when it is
    /// over. Renewed at a third of it. Default 10 s, at least 1 s.
    /// </summary>
    public TimeSpan DurableLease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the host looks for orchestrations that need it and that nobody in this process told it of. Default 1 s.</summary>
    public TimeSpan DurablePoll { get; set; } = TimeSpan.FromSeconds(1);
}
