using System.Collections.Frozen;
using System.Net;
using ClickToDial.Calls.Directory;
using ClickToDial.Sip.Endpoint;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Trunks;

/// <summary>How a trunk is, for those who watch.</summary>
/// <param name="IsRegistered">Null for a trunk that wants no registration.</param>
/// <param name="ServersUp">Servers that are used, of <paramref name="Servers"/>.</param>
public sealed record TrunkState(string Name, bool? IsRegistered, int Servers, int ServersUp)
{
    /// <summary>Calls can go both ways.</summary>
    public bool IsUp => ServersUp > 0 && IsRegistered != false;
}

/// <summary>
/// Looks after all trunks of the directory: registers where that is wanted, asks servers whether they live, knows their addresses.
/// A timer wakes it; all it does happens on the stack's loop, and what others may read is published from there.
/// </summary>
internal sealed class TrunkMonitor : ITrunkStates, IDisposable
{
    private readonly SipEndpoint _endpoint;
    private readonly IDirectory _directory;
    private readonly TrunkContacts _tokens;
    private readonly TrunkOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly Dictionary<(string Trunk, string Address), ServerProbe> _probes = [];
    private readonly Dictionary<string, TrunkRegistrar> _registrars = [];
    private readonly Dictionary<string, string> _contacts = [];
    private readonly ITimer _timer;
    private CallDirectory? _known;
    private bool _leaving;
    private volatile FrozenSet<(string Trunk, string Address)> _down = [];
    private volatile FrozenDictionary<IPAddress, string> _named = FrozenDictionary<IPAddress, string>.Empty;
    private volatile IReadOnlyList<TrunkState> _states = [];

    public TrunkMonitor(
        SipEndpoint endpoint, IDirectory directory, TrunkContacts tokens, TrunkOptions options, TimeProvider time, Random random, ILogger logger)
    {
        (_endpoint, _directory, _tokens, _options, _time, _random, _logger) = (endpoint, directory, tokens, options, time, random, logger);
        _timer = time.CreateTimer(_ => _endpoint.Post(Tick), null, options.Tick, options.Tick);
    }

    public IReadOnlyList<TrunkState> States => _states;

    public bool IsUp(Trunk trunk, TrunkTarget server) => !_down.Contains((trunk.Name, server.Address));

    public void Report(Trunk trunk, TrunkTarget server, bool alive)
    {
        if (trunk.Settings.Health is null) return;
        _endpoint.Post(() => _probes.GetValueOrDefault((trunk.Name, server.Address))?.Take(alive));
    }

    /// <summary>The trunk that calls us at this contact because we have registered it there. On the stack's loop.</summary>
    public string? RegisteredAs(string? contactUser) => contactUser is null ? null : _contacts.GetValueOrDefault(contactUser);

    /// <summary>The trunk that has a server whose name stands for the address.</summary>
    public string? ResolvedAt(IPAddress address) => _named.GetValueOrDefault(address);

    /// <summary>Takes all registrations back; completes when that was answered, or was not in time.</summary>
    public Task LeaveAsync()
    {
        var all = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        _endpoint.Post(() =>
        {
            _leaving = true;
            all.SetResult(Task.WhenAll(_registrars.Values.Select(registrar => registrar.LeaveAsync())));
        });
        return all.Task.Unwrap();
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        if (_directory.Current is { } directory && directory != _known && !_leaving) Adopt(directory);
        foreach (var probe in _probes.Values) probe.Tick();
        foreach (var registrar in _registrars.Values) registrar.Tick();
        // Answers come between two ticks.
        if (_states.Any(state => state.IsRegistered is { } told && told != IsRegistered(state.Name))) Publish();
    }

    // A trunk that is as it was keeps its registration and what is known of its servers.
    private void Adopt(CallDirectory directory)
    {
        _known = directory;
        var probes = directory.Trunks.SelectMany(trunk => trunk.Servers.DistinctBy(server => server.Address), (trunk, server) => (trunk, server)).ToList();
        foreach (var (key, probe) in _probes)
            if (!probes.Exists(wanted => Key(wanted.trunk, wanted.server) == key && Same(wanted.trunk, probe.Trunk))) _probes.Remove(key);
        foreach (var (trunk, server) in probes)
            if (!_probes.ContainsKey(Key(trunk, server))) _probes[Key(trunk, server)] = new ServerProbe(_endpoint, trunk, server, _options, _time, OnChanged);
        AdoptRegistrations([.. directory.Trunks.Where(trunk => trunk.Settings.Registration is not null && trunk.Servers.Count > 0)]);
        Publish();
    }

    private void AdoptRegistrations(IReadOnlyList<Trunk> trunks)
    {
        foreach (var (name, registrar) in _registrars)
        {
            if (trunks.Any(trunk => trunk.Name == name && Same(trunk, registrar.Trunk))) continue;
            _ = registrar.LeaveAsync();
            _registrars.Remove(name);
        }
        foreach (var trunk in trunks)
            if (!_registrars.ContainsKey(trunk.Name))
                _registrars[trunk.Name] = new TrunkRegistrar(_endpoint, trunk, _tokens.Of(trunk), _options, _time, _random, _logger);
        _contacts.Clear();
        foreach (var registrar in _registrars.Values) _contacts[registrar.ContactUser] = registrar.Trunk.Name;
    }

    private static (string, string) Key(Trunk trunk, TrunkTarget server) => (trunk.Name, server.Address);

    private static bool Same(Trunk a, Trunk b) => a == b || a.Fingerprint == b.Fingerprint;

    private void OnChanged(ServerProbe probe)
    {
        var wasUp = IsUp(probe.Trunk, probe.Server);
        if (wasUp && !probe.Health.IsUp) TrunkLog.Down(_logger, probe.Trunk.Name, Number(probe));
        if (!wasUp && probe.Health.IsUp) TrunkLog.Up(_logger, probe.Trunk.Name, Number(probe));
        Publish();
    }

    private static int Number(ServerProbe probe) => probe.Trunk.Servers.ToList().FindIndex(server => server.Address == probe.Server.Address) + 1;

    private void Publish()
    {
        _down = _probes.Where(entry => !entry.Value.Health.IsUp).Select(entry => entry.Key).ToFrozenSet();
        _named = _probes.Values.SelectMany(probe => probe.Addresses, (probe, address) => (address, probe.Trunk.Name))
            .DistinctBy(entry => entry.address).ToFrozenDictionary(entry => entry.address, entry => entry.Name);
        _states = [.. (_known?.Trunks ?? []).Select(StateOf)];
    }

    private bool IsRegistered(string trunk) => _registrars.TryGetValue(trunk, out var registrar) && registrar.IsRegistered;

    private TrunkState StateOf(Trunk trunk) => new(
        trunk.Name,
        trunk.Settings.Registration is null ? null : IsRegistered(trunk.Name),
        trunk.Servers.Count,
        trunk.Servers.Count(server => IsUp(trunk, server)));
}
