using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Edge;

/// <summary>
/// Lends this worker's phones to others (RFC 5626 section 5, an edge proxy): tells each of them who is registered here, sends their
/// messages over the phones' flows, and gives them what phones answer and ask. Keeps nothing of their calls but what it could not give them yet.
/// </summary>
internal sealed class EdgeHost(
    string name, SipEndpoint endpoint, BindingStore bindings, Func<SipFlow, BrowserSession?> browserOver, HookSessions rules, TimeProvider time, ILogger logger)
    : ISipPassage, IAsyncDisposable
{
    // 64*T1: whoever asks gives up by then.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(32);

    private static readonly TimeSpan UsePause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, EdgeGuest> _guests = new(StringComparer.Ordinal);

    // Connections that others know of: of those that strangers open and close they need not hear.
    private readonly ConcurrentDictionary<SipFlow, bool> _lent = new();
    private readonly long _since = time.GetTimestamp();
    private volatile bool _hasGuests;
    private EdgeCallHost? _calls;

    /// <summary>How long a guest may take to say whether it uses phones here: one of an earlier version says nothing, and is waited for no longer.</summary>
    public TimeSpan UseLimit { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>From now on other workers may watch and command the calls here. Before any of them comes.</summary>
    public void Tell(ICallControl calls)
    {
        _calls = new EdgeCallHost(calls, () => _guests.Values, logger);
        _calls.Start();
    }

    public ValueTask DisposeAsync() => _calls?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Until the other worker's socket ends.</summary>
    /// <param name="guest">What it calls itself: see <see cref="EdgeMarks.IsName"/>.</param>
    public async Task ServeAsync(WebSocket socket, string guest, CancellationToken stop)
    {
        var mine = new EdgeSocket(socket);
        EdgeGuest? served = null;
        try
        {
            // It hears our name first, and goes if it has us already, or is us.
            await mine.RunAsync(
                EdgeNews.Write(new EdgeNews(Server: name)),
                async (frame, isText, _) =>
                {
                    if (served is not null) Take(served, guest, frame.Span, isText);
                    else if (isText && guest != name) served = await BeginAsync(mine, guest);
                },
                stop);
        }
        finally
        {
            served?.Leave(mine);
        }
    }

    /// <summary>A user's registrations have changed. From any thread.</summary>
    public void OnChanged(string domain, string user)
    {
        if (!_hasGuests) return;
        foreach (var (_, guest) in _guests)
            if (guest.IsPresent) Tell(guest, domain, user);
    }

    /// <summary>Completes when no call of another worker leads over phones here. One that is away for a moment still has its calls.</summary>
    public async Task WhenUnusedAsync(CancellationToken enough)
    {
        while ((await Task.WhenAll(_guests.Values.Select(IsUsingAsync))).Contains(true)) await Task.Delay(UsePause, time, enough);

        async Task<bool> IsUsingAsync(EdgeGuest guest)
        {
            if (!guest.IsPresent) return !guest.HasGone(Hold);
            var asked = guest.AskUse();
            await ((Task)asked).WaitAsync(UseLimit, time, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return asked.IsCompleted ? await asked > 0 : !guest.IsPresent && !guest.HasGone(Hold);
        }
    }

    public PassageVerdict TryTake(SipMessage message, SipFlow flow)
    {
        if (flow.Edge is not null || EdgeMarks.ReaderOf(message) is not { } reader) return PassageVerdict.NotTaken;
        if (!_guests.TryGetValue(reader, out var guest) || guest.HasGone(Hold))
            return message is SipResponse || (guest is null && time.GetElapsedTime(_since) < Hold) ? PassageVerdict.Taken : PassageVerdict.NotTaken;
        // A worker that is away for a moment still has its calls: an answer of ours would end them. A datagram is repeated.
        if (!flow.IsReliable && !guest.IsPresent) return PassageVerdict.Taken;
        if (!guest.Outbox.HasRoom) return PassageVerdict.NoRoom;
        EdgeMarks.Unmark(message);
        guest.Outbox.Send(EdgeFrame.Write(EdgeFrameKind.Message, flow, MessageWriter.ToArray(message)));
        return PassageVerdict.Taken;
    }

    public void OnFlowFailed(SipFlow flow)
    {
        if (flow.Edge is not null || !_lent.TryRemove(flow, out _)) return;
        foreach (var (_, guest) in _guests)
        {
            // Who does not come back is told nothing more: nobody would ever fetch it.
            if (guest.HasGone(Hold)) ForgetGone();
            else guest.Outbox.Send(EdgeFrame.Write(EdgeFrameKind.Gone, flow, []));
        }
    }

    private async Task<EdgeGuest> BeginAsync(EdgeSocket socket, string name)
    {
        EdgeGuest guest;
        EdgeSocket? before;
        lock (_gate)
        {
            ForgetGone();
            guest = _guests.GetOrAdd(name, _ => new EdgeGuest(time));
            before = guest.Come(socket);
        }
        _hasGuests = true;
        if (before is not null)
        {
            before.Abort();
            await before.Ended;
        }
        guest.Watched.Clear();
        guest.Told.Clear();
        foreach (var (domain, user) in bindings.All().Select(binding => (binding.Domain, binding.User)).Distinct()) Tell(guest, domain, user);
        // The end of a list that broke off is not that of the next.
        guest.Outbox.Tell(() => guest.IsServedBy(socket) ? EdgeNews.Write(new EdgeNews(IsAll: true)) : null);
        // What was asked over the last socket may be lost: as if it used something, so that it is asked again.
        guest.HearUse(1);
        socket.Open(guest.Outbox);
        return guest;
    }

    private void ForgetGone()
    {
        lock (_gate)
            foreach (var known in _guests)
                if (known.Value.HasGone(Hold)) _guests.TryRemove(known);
    }

    private void Take(EdgeGuest guest, string guestName, ReadOnlySpan<byte> frame, bool isText)
    {
        if (isText)
        {
            if (!EdgeNews.TryRead(frame, out var news)) return;
            if (news!.Using is { } dialogs) guest.HearUse(dialogs);
            else _calls?.Take(guest, news);
            return;
        }
        if (!EdgeFrame.TryRead(frame, edge: null, out var kind, out var flow, out var rest) || kind != EdgeFrameKind.Message) return;
        if (MessageParser.ParseDatagram(rest, SipLimits.Default, out var message) != ParseVerdict.Message || message!.Defect != MessageDefect.None) return;
        if (endpoint.ContactFor(flow) is { } contact && !EdgeMarks.TryMark(message, guestName, flow, contact)) return;
        // Of a datagram nobody knows whether it arrived; a connection that is gone, the other worker need not wait for, and no new one leads to that phone.
        if ((!Lends(flow) || !endpoint.TryForward(flow, MessageWriter.ToArray(message))) && flow.IsReliable)
            guest.Outbox.Send(EdgeFrame.Write(EdgeFrameKind.Gone, flow, []));
    }

    // True while it is open; of its end others will be told.
    private bool Lends(SipFlow flow)
    {
        if (!flow.IsReliable) return true;
        _lent[flow] = true;
        if (endpoint.IsOpen(flow)) return true;
        _lent.TryRemove(flow, out _);
        return false;
    }

    private void Tell(EdgeGuest guest, string domain, string user)
    {
        if (!guest.Waiting.TryAdd((domain, user), true)) return;
        guest.Outbox.Tell(() =>
        {
            guest.Waiting.TryRemove((domain, user), out _);
            var news = EdgeNews.Write(new EdgeNews(User: NewsOf(domain, user)));
            if (news.Length <= EdgeFrame.Longest) return news;
            EdgeLog.TooMuch(logger, news.Length);
            return EdgeNews.Write(new EdgeNews(User: new EdgeUser(domain, user, [])));
        });
    }

    private EdgeSession SessionOf(BrowserSession session, Binding binding)
    {
        var known = rules.Find(session.Id);
        return new EdgeSession(session.Id, session.Identity, binding.Transport, binding.Source, known?.Rules.Config, known?.Since);
    }

    private EdgeUser NewsOf(string domain, string user)
    {
        var live = bindings.Find(domain, user).Where(binding => endpoint.IsOpen(binding.Flow) && Lends(binding.Flow)).ToList();
        var sessions = live.Where(binding => BrowserDevice.Is(binding.Device)).Select(binding => browserOver(binding.Flow) is { } session
            ? SessionOf(session, binding)
            : null).OfType<EdgeSession>().ToList();
        return new EdgeUser(domain, user, live, sessions.Count > 0 ? sessions : null);
    }
}
