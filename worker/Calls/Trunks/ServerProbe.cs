using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Trunks;

/// <summary>One server of a trunk: its addresses, where it is known by name, and whether it lives. Belongs to the stack's loop.</summary>
internal sealed class ServerProbe(SipEndpoint endpoint, Trunk trunk, TrunkTarget server, TrunkOptions options, TimeProvider time, Action<ServerProbe> changed)
{
    private const string Asker = "ping";

    private long _askAt = time.GetTimestamp();
    private long _limitAt;
    private long _resolveAt = time.GetTimestamp();
    private bool _resolving;
    private bool _asking;
    private int _round;
    private IReadOnlyList<SipFlow> _flows = NextHop.TryFlow(server.Uri, out var known) ? [known] : [];
    private int _asked; // Of the flows: what answers is asked again, and one lives as long as any answers.
    private int _silent;

    public Trunk Trunk => trunk;

    public TrunkTarget Server => server;

    public ServerHealth Health { get; private set; } = ServerHealth.Unknown;

    /// <summary>Addresses that its name stands for; empty for a server that is known by its address.</summary>
    public IReadOnlyList<System.Net.IPAddress> Addresses { get; private set; } = [];

    private bool IsNamed => !server.Uri.TryGetAddress(out _);

    /// <summary>Does what is due.</summary>
    public void Tick()
    {
        var now = time.GetTimestamp();
        if (IsNamed && !_resolving && now >= _resolveAt) _ = ResolveAsync();
        if (trunk.Settings.Health is not { } rules) return;
        if (_asking && now >= _limitAt) Heard(alive: false, _round);
        if (!_asking && now >= _askAt && (_flows.Count > 0 || !_resolving)) Ask(rules);
    }

    /// <summary>A sign of life or its opposite that a call gave; counts only where somebody asks for the next one.</summary>
    public void Take(bool alive)
    {
        if (trunk.Settings.Health is not { } rules) return;
        var before = Health;
        Health = Health.After(alive, rules);
        if (Health != before) changed(this);
    }

    private void Ask(TrunkHealth rules)
    {
        var now = time.GetTimestamp();
        _askAt = now + Ticks(TimeSpan.FromSeconds(rules.IntervalSeconds));
        _limitAt = now + Ticks(TimeSpan.FromSeconds(rules.TimeoutSeconds));
        if (_flows.Count == 0 || _flows[_asked % _flows.Count] is not { } flow || endpoint.ContactFor(flow, Asker) is not { } contact)
        {
            Take(alive: false);
            return;
        }
        _asking = true;
        var round = ++_round;
        var target = SipUri.Create(null, server.Uri.Host, server.Uri.Port, server.Uri.Parameters, server.Uri.IsSecure);
        var question = endpoint.CreateRequest(
            SipMethod.Options, target, new NameAddress(SipUri.Create(Asker, contact.Host, contact.Port)), new NameAddress(target), contact);
        endpoint.Request(question, flow, outcome => Heard(outcome.Response is { Status: not 503 }, round));
    }

    private void Heard(bool alive, int round)
    {
        if (!_asking || round != _round) return;
        _asking = false;
        _silent = alive ? 0 : _silent + 1;
        if (!alive) _asked++;
        if (alive || _silent >= _flows.Count) Settle(alive);
        else _askAt = time.GetTimestamp(); // The name stands for another one too.
    }

    private void Settle(bool alive)
    {
        _silent = 0;
        Take(alive);
    }

    private async Task ResolveAsync()
    {
        _resolving = true;
        IReadOnlyList<SipFlow> found = [];
        try
        {
            found = await endpoint.ResolveAllAsync(server.Uri, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Found nothing; what was found before stays.
        }
        endpoint.Post(() =>
        {
            _resolving = false;
            _resolveAt = time.GetTimestamp() + Ticks(found.Count > 0 ? options.NameLife : options.NameLife / 6);
            if (found.Count == 0) return;
            if (!found.SequenceEqual(_flows)) (_flows, _asked, _silent) = (found, 0, 0);
            Addresses = [.. found.Select(flow => flow.Remote.Address).Distinct()];
            changed(this);
        });
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
