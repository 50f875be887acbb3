using System.Collections.Frozen;
using System.Globalization;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Directory;

/// <summary>A device and whose it is.</summary>
public sealed record DeviceOwner(string Domain, UserEntry User, DeviceEntry Device);

/// <summary>One snapshot of domains, users and trunks, laid out for looking up. Immutable.</summary>
public sealed class CallDirectory
{
    private static readonly FrozenDictionary<string, TestNumber> TestNumbers = new Dictionary<string, TestNumber>
    {
        ["echo"] = TestNumber.Echo,
        ["milliwatt"] = TestNumber.Milliwatt,
        ["busy"] = TestNumber.Busy,
        ["no-answer"] = TestNumber.NoAnswer,
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<(string Domain, string User), UserEntry> _users;
    private readonly FrozenDictionary<(string Domain, string Device), DeviceOwner> _devices;
    private readonly FrozenDictionary<string, TrunkEntry[]> _prefixes;
    private readonly FrozenDictionary<string, DomainEntry> _domains;
    private readonly int _longestPrefix;

    public CallDirectory(DirectorySnapshot snapshot)
    {
        _domains = snapshot.Domains.DistinctBy(domain => Fold(domain.Name)).ToFrozenDictionary(domain => Fold(domain.Name));
        var users = snapshot.Domains.SelectMany(domain => domain.Users, (domain, user) => (Domain: Fold(domain.Name), User: user)).ToList();
        // A name given twice keeps its first entry: one bad row must not take the whole directory away.
        _users = users.DistinctBy(entry => (entry.Domain, entry.User.Name))
            .ToFrozenDictionary(entry => (entry.Domain, entry.User.Name), entry => entry.User);
        _devices = users.SelectMany(entry => entry.User.Devices, (entry, device) => new DeviceOwner(entry.Domain, entry.User, device))
            .DistinctBy(owner => (owner.Domain, owner.Device.UserName))
            .ToFrozenDictionary(owner => (owner.Domain, owner.Device.UserName));
        _prefixes = snapshot.Trunks.SelectMany(trunk => trunk.Prefixes, (trunk, prefix) => (prefix, trunk))
            .GroupBy(entry => entry.prefix, entry => entry.trunk)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
        _longestPrefix = _prefixes.Keys.Select(prefix => prefix.Length).DefaultIfEmpty().Max();
    }

    public bool HasDomain(string domain) => _domains.ContainsKey(Fold(domain));

    /// <summary>What the domain's devices may dial; null where nothing was said.</summary>
    public DomainPolicy? PolicyOf(string domain) => _domains.GetValueOrDefault(Fold(domain))?.Policy;

    public UserEntry? FindUser(string domain, string user) => _users.GetValueOrDefault((Fold(domain), user));

    public DeviceOwner? FindDevice(string domain, string device) => _devices.GetValueOrDefault((Fold(domain), device));

    /// <summary>A user of the same domain, else a test number, else the trunk with the longest matching prefix.</summary>
    public Route RouteTo(string domain, string destination)
    {
        if (FindUser(domain, destination) is { } user) return new Route.ToUser(user);
        if (TestNumbers.TryGetValue(destination, out var test)) return new Route.ToTest(test);
        return FindTrunk(Fold(domain), destination) is { } trunk ? new Route.ToTrunk(trunk) : Route.None;
    }

    private static string Fold(string domain) => domain.ToLower(CultureInfo.InvariantCulture);

    private static bool MayUse(TrunkEntry trunk, string domain) =>
        trunk.Domains is not { Count: > 0 } domains || domains.Contains(domain, StringComparer.OrdinalIgnoreCase);

    private TrunkEntry? FindTrunk(string domain, string number)
    {
        if (!number.StartsWith('+')) return null;
        var prefixes = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = Math.Min(_longestPrefix, number.Length); length > 0; length--)
            if (prefixes.TryGetValue(number.AsSpan(0, length), out var trunks)
                && Array.Find(trunks, trunk => MayUse(trunk, domain)) is { } trunk)
                return trunk;
        return null;
    }
}
