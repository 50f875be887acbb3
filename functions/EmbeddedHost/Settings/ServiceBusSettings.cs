namespace ClickToDial.EmbeddedHost.Settings;

/// <summary>extensions.serviceBus of host.json, as far as this host acts on it, with the real host's defaults.</summary>
internal sealed record ServiceBusSettings
{
    /// <summary>Sessions whose messages are handled at once, from 1; within a session it is one message at a time.</summary>
    public int MaxConcurrentSessions { get; init; } = 8;

    /// <summary>How long an empty session is held before another takes its place; the SDK's own minute when null.</summary>
    public TimeSpan? SessionIdleTimeout { get; init; }

    /// <summary>Messages fetched ahead of those that are handled.</summary>
    public int PrefetchCount { get; init; }

    /// <summary>How long a session's lock is renewed while a function runs.</summary>
    public TimeSpan MaxAutoLockRenewal { get; init; } = TimeSpan.FromMinutes(5);
}
