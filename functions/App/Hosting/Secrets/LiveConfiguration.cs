using Microsoft.Extensions.Configuration;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>
/// Secrets as the last source of the settings, over all others. They change without a word: who uses one is told once it has been
/// checked (<see cref="ILiveOptions"/>).
/// </summary>
internal sealed class LiveConfiguration(IReadOnlyDictionary<string, string> first) : ConfigurationProvider, IConfigurationSource
{
    /// <summary>What is known now.</summary>
    public IReadOnlyDictionary<string, string> Known { get; private set; } = first;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load() => Data = Known.ToDictionary(p => p.Key, string? (p) => p.Value, StringComparer.OrdinalIgnoreCase);

    /// <returns>Whether anything is different now.</returns>
    public bool Replace(IReadOnlyDictionary<string, string> secrets)
    {
        if (secrets.Count == Known.Count && secrets.All(p => Known.TryGetValue(p.Key, out var value) && value == p.Value)) return false;
        Known = secrets;
        Load();
        return true;
    }
}
