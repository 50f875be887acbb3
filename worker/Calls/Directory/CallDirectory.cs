using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using ClickToDial.Calls.Trunks;
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
    private readonly FrozenDictionary<(string Domain, string Number), UserEntry> _numbers;
    private readonly FrozenDictionary<string, Trunk[]> _prefixes;
    private readonly FrozenDictionary<string, Trunk> _trunks;
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
        _numbers = users.SelectMany(entry => entry.User.Numbers ?? [], (entry, number) => (entry.Domain, Number: number, entry.User))
            .DistinctBy(entry => (entry.Domain, entry.Number))
            .ToFrozenDictionary(entry => (entry.Domain, entry.Number), entry => entry.User);
        Trunks = [.. snapshot.Trunks.DistinctBy(trunk => trunk.Name).Select(trunk => new Trunk(trunk))];
        _trunks = Trunks.ToFrozenDictionary(trunk => trunk.Name);
        _prefixes = Trunks.SelectMany(trunk => trunk.Entry.Prefixes, (trunk, prefix) => (prefix, trunk))
            .GroupBy(entry => entry.prefix, entry => entry.trunk)
            .ToFrozenDictionary(group => group.Key, group => group.OrderBy(trunk => trunk.Settings.Priority).ToArray());
        _longestPrefix = _prefixes.Keys.Select(prefix => prefix.Length).DefaultIfEmpty().Max();
    }

    public IReadOnlyList<Trunk> Trunks { get; }

    /// <summary>Names of all domains, lower case.</summary>
    public IEnumerable<string> Domains => _domains.Keys;

    public bool HasDomain(string domain) => _domains.ContainsKey(Fold(domain));

    /// <summary>What the domain's devices may dial; null where nothing was said.</summary>
    public DomainPolicy? PolicyOf(string domain) => _domains.GetValueOrDefault(Fold(domain))?.Policy;

    /// <summary>What the domain's calls hear; null for the worker's own.</summary>
    public DomainSounds? SoundsOf(string domain) => _domains.GetValueOrDefault(Fold(domain))?.Sounds;

    /// <summary>Who else is asked what the domain's browsers may do; null for nobody.</summary>
    public DomainHooks? HooksOf(string domain) => _domains.GetValueOrDefault(Fold(domain))?.Hooks;

    public UserEntry? FindUser(string domain, string user) => _users.GetValueOrDefault((Fold(domain), user));

    /// <summary>In the order in which they were told.</summary>
    public IReadOnlyList<UserEntry> UsersOf(string domain) => _domains.GetValueOrDefault(Fold(domain))?.Users ?? [];

    public DeviceOwner? FindDevice(string domain, string device) => _devices.GetValueOrDefault((Fold(domain), device));

    /// <summary>True when all calls of the user are recorded.</summary>
    public bool Records(string domain, string user) => FindUser(domain, user)?.RecordCalls ?? PolicyOf(domain)?.RecordCalls ?? false;

    /// <summary>Whose number it is.</summary>
    public UserEntry? FindUserByNumber(string domain, string number) => _numbers.GetValueOrDefault((Fold(domain), number));

    public Trunk? FindTrunk(string name) => _trunks.GetValueOrDefault(name);

    /// <summary>The trunk that sends from there.</summary>
    /// <param name="fromServer">Only one whose server has that very address and port.</param>
    public Trunk? FindTrunkAt(IPEndPoint remote, bool fromServer)
    {
        foreach (var trunk in Trunks)
            if (fromServer ? trunk.SendsFromServer(remote) : trunk.SendsFrom(remote)) return trunk;
        return null;
    }

    /// <summary>
    /// A user of the same domain, else a test number, else trunks: those with the longest matching prefix first, among equals
    /// those of the lowest priority.
    /// </summary>
    public Route RouteTo(string domain, string destination)
    {
        if (FindUser(domain, destination) is { } user) return new Route.ToUser(user);
        if (TestNumbers.TryGetValue(destination, out var test)) return new Route.ToTest(test);
        return FindTrunks(Fold(domain), destination) is { Count: > 0 } trunks ? new Route.ToTrunk(trunks) : Route.None;
    }

    private static string Fold(string domain) => domain.ToLower(CultureInfo.InvariantCulture);

    private List<Trunk> FindTrunks(string domain, string number)
    {
        var found = new List<Trunk>(2);
        if (!number.StartsWith('+')) return found;
        var prefixes = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = Math.Min(_longestPrefix, number.Length); length > 0; length--)
            if (prefixes.TryGetValue(number.AsSpan(0, length), out var trunks))
                found.AddRange(trunks.Where(trunk => trunk.Serves(domain) && !found.Contains(trunk)));
        return found;
    }
}
