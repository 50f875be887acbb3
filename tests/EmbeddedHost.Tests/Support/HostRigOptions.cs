using ClickToDial.EmbeddedHost.Functions.Builder;

namespace ClickToDial.EmbeddedHost.Tests.Support;

/// <param name="Functions">The classes that hold the app's functions.</param>
public sealed record HostRigOptions(params Type[] Functions)
{
    /// <summary>Replaces the default host.json, which only empties the route prefix.</summary>
    public string? HostJson { get; init; }

    public bool WriteHostJson { get; init; } = true;

    public string? LocalSettings { get; init; }

    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>What Program would say; when null, only ConfigureFunctionsWebApplication.</summary>
    public Action<FunctionsApplicationBuilder>? Configure { get; init; }

    public TimeSpan QueueLease { get; init; } = TimeSpan.FromSeconds(30);
}
