using Microsoft.Extensions.Configuration;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>
/// Secrets as the last source of the settings, over all others. They change without a word: who uses one is told once it has been
/// checked (<see cref="ILiveOptions"/>). What was withdrawn is in no list any more, whatever the other sources say.
/// </summary>
/// <param name="owned">Settings that are the store's alone once it has answered.</param>
/// <param name="unresolved">Settings of other sources that hold a reference in place of what it stands for.</param>
internal sealed class LiveConfiguration(IReadOnlySet<string> owned, IReadOnlySet<string> unresolved) : ConfigurationProvider, IConfigurationSource
{
    private readonly HashSet<string> _given = new(StringComparer.OrdinalIgnoreCase);
    private volatile IReadOnlySet<string>? _withdrawn;

    /// <summary>What the store had at the last look; null before the first.</summary>
    public IReadOnlyDictionary<string, string>? Known { get; private set; }

    /// <summary>Names of the settings that hold a reference in place of what it stands for.</summary>
    public IReadOnlySet<string> Unresolved => unresolved;

    private IReadOnlySet<string> Withdrawn => _withdrawn ?? unresolved;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <returns>Whether anything is different now.</returns>
    public bool Replace(IReadOnlyDictionary<string, string> secrets)
    {
        if (Known is { } known && secrets.Count == known.Count && secrets.All(p => known.TryGetValue(p.Key, out var value) && value == p.Value)) return false;
        var data = secrets.ToDictionary(p => p.Key, string? (p) => p.Value, StringComparer.OrdinalIgnoreCase);
        // What is no element of a list cannot be missing: the last one stays until there is another.
        foreach (var (setting, value) in Data)
            if (!IsElement(setting)) data.TryAdd(setting, value);
        _given.UnionWith(secrets.Keys);
        _withdrawn = _given.Concat(owned).Where(IsElement).Concat(unresolved).Where(s => !data.ContainsKey(s)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        (Data, Known) = (data, secrets);
        return true;
    }

    public override bool TryGet(string key, out string? value)
    {
        if (base.TryGet(key, out value)) return true;
        // Empty and not absent, so that no other source is asked.
        value = "";
        return Withdrawn.Contains(key);
    }

    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        var withdrawn = Withdrawn;
        var prefix = parentPath is null ? "" : parentPath + ConfigurationPath.KeyDelimiter;
        return base.GetChildKeys(earlierKeys.Where(child => !(withdrawn.Contains(prefix + child) && IsElement(prefix + child))), parentPath);
    }

    private static bool IsElement(string setting) => ConfigurationPath.GetSectionKey(setting) is { Length: > 0 } last && last.All(char.IsAsciiDigit);
}
