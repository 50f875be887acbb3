using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Edge;

/// <summary>
/// Lends this worker's phones to others (RFC 5626 section 5, an edge proxy): tells each of them who is registered here, sends their
/// messages over the phones' flows, and gives them what phones answer and ask. Keeps nothing of their calls.
/// </summary>
internal sealed class EdgeHost(string name, SipEndpoint endpoint, BindingStore bindings, Func<SipFlow, BrowserSession?> browserOver, HookSessions rules) : ISipPassage
{
    private readonly ConcurrentDictionary<string, EdgeGuest> _guests = new(StringComparer.Ordinal);
    private volatile bool _hasGuests;

    /// <summary>Until the other worker's socket ends.</summary>
    /// <param name="guest">What it calls itself: see <see cref="EdgeMarks.IsName"/>.</param>
    public async Task ServeAsync(WebSocket socket, string guest, CancellationToken stop)
    {
        var mine = new EdgeGuest(new EdgeSocket(socket));
        mine.Socket.Tell(() => JsonSerializer.SerializeToUtf8Bytes(new EdgeNews(Server: name), EdgeJson.Default.EdgeNews));
        // One that comes again has lost its socket before we have noticed.
        _guests[guest] = mine;
        _hasGuests = true;
        foreach (var (domain, user) in bindings.All().Select(binding => (binding.Domain, binding.User)).Distinct()) Tell(mine, domain, user);
        try
        {
            await mine.Socket.RunAsync((frame, isText) => Take(mine, guest, frame.Span, isText), stop);
        }
        finally
        {
            _guests.TryRemove(new KeyValuePair<string, EdgeGuest>(guest, mine));
        }
    }

    /// <summary>A user's registrations have changed. From any thread.</summary>
    public void OnChanged(string domain, string user)
    {
        if (!_hasGuests) return;
        foreach (var (_, guest) in _guests) Tell(guest, domain, user);
    }

    public bool TryTake(SipMessage message, SipFlow flow)
    {
        if (!_hasGuests || flow.Edge is not null) return false;
        if (EdgeMarks.ReaderOf(message) is not { } reader || !_guests.TryGetValue(reader, out var guest)) return false;
        EdgeMarks.Unmark(message);
        return guest.Socket.TrySend(EdgeFrame.Write(EdgeFrameKind.Message, flow, MessageWriter.ToArray(message)));
    }

    public void OnFlowFailed(SipFlow flow)
    {
        if (!_hasGuests || flow.Edge is not null) return;
        foreach (var (_, guest) in _guests) guest.Socket.TrySend(EdgeFrame.Write(EdgeFrameKind.Gone, flow, []));
    }

    private void Take(EdgeGuest guest, string guestName, ReadOnlySpan<byte> frame, bool isText)
    {
        if (isText || !EdgeFrame.TryRead(frame, edge: null, out var kind, out var flow, out var rest) || kind != EdgeFrameKind.Message) return;
        if (MessageParser.ParseDatagram(rest, SipLimits.Default, out var message) != ParseVerdict.Message || message!.Defect != MessageDefect.None) return;
        if (endpoint.ContactFor(flow) is { } contact && !EdgeMarks.TryMark(message, guestName, flow, contact)) return;
        // Of a datagram nobody knows whether it arrived; a connection that is gone, the other worker need not wait for.
        if (!endpoint.TryForward(flow, MessageWriter.ToArray(message)) && flow.IsReliable)
            guest.Socket.TrySend(EdgeFrame.Write(EdgeFrameKind.Gone, flow, []));
    }

    private void Tell(EdgeGuest guest, string domain, string user)
    {
        if (!guest.Waiting.TryAdd((domain, user), true)) return;
        guest.Socket.Tell(() =>
        {
            guest.Waiting.TryRemove((domain, user), out _);
            return JsonSerializer.SerializeToUtf8Bytes(new EdgeNews(User: NewsOf(domain, user)), EdgeJson.Default.EdgeNews);
        });
    }

    private EdgeUser NewsOf(string domain, string user)
    {
        var live = bindings.Find(domain, user).Where(binding => endpoint.IsOpen(binding.Flow)).ToList();
        var sessions = live.Where(binding => BrowserDevice.Is(binding.Device)).Select(binding => browserOver(binding.Flow) is { } session
            ? new EdgeSession(session.Id, session.Token, session.Identity, binding.Transport, binding.Source, rules.Find(session.Id)?.Rules.Config)
            : null).OfType<EdgeSession>().ToList();
        return new EdgeUser(domain, user, live, sessions.Count > 0 ? sessions : null);
    }

    /// <summary>A worker that calls our phones.</summary>
    private sealed class EdgeGuest(EdgeSocket socket)
    {
        public EdgeSocket Socket { get; } = socket;

        /// <summary>Users of whom it will be told.</summary>
        public ConcurrentDictionary<(string Domain, string User), bool> Waiting { get; } = new();
    }
}
