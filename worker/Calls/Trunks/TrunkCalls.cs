using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Trunks;

/// <summary>Calls that trunks bring: whose trunk, which number, where to. Runs on the stack's loop.</summary>
internal sealed class TrunkCalls(
    LegContext legs, IDirectory directory, TrunkMonitor monitor, TrunkLoad load, IIncomingRouting routing, TrunkMetrics metrics,
    Refusals refusals, ILogger logger)
{
    private static readonly TimeSpan RoutingLimit = TimeSpan.FromSeconds(5);

    public TrunkMetrics Metrics => metrics;

    /// <summary>
    /// The trunk that sends this request; null for anybody else's. It is known by our registration, whose contact nobody else
    /// can guess, by a name that its connection has proved, by the address and port that its calls go to, or by its address
    /// alone, unless the request claims to be from a device or user of ours: phones may live at the same address. A trunk that has to
    /// prove itself is known by no address.
    /// </summary>
    public Trunk? SenderOf(SipRequest request, SipFlow flow)
    {
        if (directory.Current is not { } known) return null;
        if (monitor.RegisteredAs(request.Uri.User) is { } name && known.FindTrunk(name) is { } registered && IsAt(registered, flow)) return registered;
        if (flow.Kind == SipTransportKind.Tls && known.Trunks.FirstOrDefault(trunk => IsProved(trunk, flow)) is { } proved) return proved;
        if (known.FindTrunkAt(flow.Remote, fromServer: true) is { } server) return server;
        if (IsFromOurs(known, request.From.Uri)) return null;
        if (known.FindTrunkAt(flow.Remote, fromServer: false) is { } source) return source;
        return monitor.ResolvedAt(flow.Remote.Address) is { } looked && known.FindTrunk(looked) is { ProvesItself: false } found ? found : null;
    }

    // Trunks, too, write our domain into From, with the number that calls; over a stream their port says nothing of who they are.
    private static bool IsFromOurs(CallDirectory known, SipUri from) =>
        from.User is { } user && (known.FindDevice(from.Host, user) is not null || known.FindUser(from.Host, user) is not null);

    // The contact we register with is no secret: it stands in every REGISTER and every call, often in clear.
    private bool IsAt(Trunk trunk, SipFlow flow) =>
        IsProved(trunk, flow) || trunk.SendsFromServer(flow.Remote) || trunk.SendsFrom(flow.Remote) || monitor.ResolvedAt(flow.Remote.Address) == trunk.Name;

    private bool IsProved(Trunk trunk, SipFlow flow)
    {
        foreach (var name in trunk.Settings.TlsNames ?? [])
            if (legs.Endpoint.Proves(flow, name)) return true;
        return false;
    }

    /// <param name="begin">Makes the call, on the stack's loop, unless its caller has given up meanwhile.</param>
    public void OnInvite(ServerTransaction transaction, Trunk trunk, Action<Arrival> begin)
    {
        var request = transaction.Request;
        var called = CalledNumber(request, trunk);
        var diversions = Diversions.Of(request.Headers);
        if (called is null) Refuse(transaction, trunk, 404, "unknown-number");
        else if (diversions.Count > Diversions.Most) Refuse(transaction, trunk, 482, "sent-on-too-often");
        else if (load.TryEnter(trunk, CallDirection.Inbound) is not { } place) Refuse(transaction, trunk, 503, "trunk-full");
        else Ask(transaction, new Question(trunk, called, CallerOf(request, trunk), diversions, place), begin);
    }

    // RFC 3261 section 10.3: who has registered is called at the contact it gave; the number then stands in To alone.
    private string? CalledNumber(SipRequest request, Trunk trunk)
    {
        var user = monitor.RegisteredAs(request.Uri.User) is null ? request.Uri.User : request.To.Uri.User;
        if (user is null) return null;
        var number = trunk.Inbound.Apply(user, NumberSide.Called);
        return OriginateGuard.IsDestination(number) ? number : null;
    }

    private static Caller CallerOf(SipRequest request, Trunk trunk)
    {
        var identity = CallerIdentity.Of(request, trunk.Settings.Trusted);
        if (identity.User is not { } user) return Caller.Anonymous;
        var number = trunk.Inbound.Apply(user, NumberSide.Caller);
        // A caller that is no number and no plain name is not passed on: nobody knows where it would be read.
        return OriginateGuard.IsDestination(number) ? new Caller(number, identity.DisplayName, identity.IsPrivate) : Caller.Anonymous;
    }

    private void Ask(ServerTransaction transaction, Question asked, Action<Arrival> begin)
    {
        var question = new IncomingQuestion(asked.Trunk, asked.Called, asked.Caller.IsPrivate ? null : asked.Caller.User, asked.Diversions.Count);
        var answer = routing.RouteAsync(question, CancellationToken.None);
        if (answer.IsCompletedSuccessfully) Take(transaction, asked, answer.Result, begin);
        else _ = WaitAsync(transaction, asked, answer.AsTask(), begin);
    }

    private async Task WaitAsync(ServerTransaction transaction, Question asked, Task<IncomingAnswer> routed, Action<Arrival> begin)
    {
        IncomingAnswer answer;
        try
        {
            answer = await routed.WaitAsync(RoutingLimit, legs.Time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            TrunkLog.RoutingFailed(logger, asked.Trunk.Name, e);
            answer = new IncomingAnswer.Refused(503, "routing-failed");
        }
        // Back on the stack's loop, where a CANCEL that came meanwhile has been answered already.
        legs.Endpoint.Post(() =>
        {
            if (transaction.IsAnswered) asked.Place.Dispose();
            else Take(transaction, asked, answer, begin);
        });
    }

    private void Take(ServerTransaction transaction, Question asked, IncomingAnswer answer, Action<Arrival> begin)
    {
        switch (answer)
        {
            case IncomingAnswer.ToUser to:
                begin(ArrivalOf(asked, to.Domain, to.User, new Route.ToUser(to.User), transaction, onward: null));
                break;
            // Whoever routes: what a user may not dial, nobody is sent on to, and numbers of our own would come back to us.
            case IncomingAnswer.ToNumber to when !DialPolicy.Allows(directory.Current?.PolicyOf(to.Domain), to.Number):
                asked.Place.Dispose();
                Refuse(transaction, asked.Trunk, 403, "destination-denied");
                break;
            case IncomingAnswer.ToNumber to when IsOurs(to.Number):
                asked.Place.Dispose();
                Refuse(transaction, asked.Trunk, 482, "sent-on-to-ourselves");
                break;
            case IncomingAnswer.ToNumber to when directory.Current?.RouteTo(to.Domain, to.Number) is Route.ToTrunk route:
                begin(ArrivalOf(asked, to.Domain, to.User, route, transaction, to.Number) with { Id = to.Call });
                break;
            case IncomingAnswer.Refused refused:
                asked.Place.Dispose();
                Refuse(transaction, asked.Trunk, refused.Status, refused.Rule, refused.Announcement);
                break;
            default:
                asked.Place.Dispose();
                Refuse(transaction, asked.Trunk, 404, "no-route");
                break;
        }
    }

    private bool IsOurs(string number) =>
        directory.Current is { } known && known.Domains.Any(domain => known.FindUserByNumber(domain, number) is not null);

    private static Arrival ArrivalOf(Question asked, string domain, UserEntry user, Route route, ServerTransaction transaction, string? onward) =>
        new(domain, user.Name, asked.Called, CallDirection.Inbound)
        {
            Route = route,
            Trunk = asked.Trunk,
            Place = asked.Place,
            Inbound = new InboundCaller(asked.Caller, asked.Diversions, Math.Max(0, transaction.Request.MaxForwards - 1), onward),
        };

    /// <param name="announcement">Name of the sound that the caller may hear first; null for the rule's.</param>
    public void Refuse(ServerTransaction transaction, Trunk trunk, int status, string rule, string? announcement = null)
    {
        metrics.Refused(trunk.Name, rule);
        TrunkLog.Refused(logger, trunk.Name, rule, status);
        refusals.Refuse(new Refusal(transaction, status, rule)
        {
            Announcement = announcement,
            Domain = trunk.Entry.Domains is [var only] ? only : null,
            Srtp = trunk.Entry.Srtp,
            Codecs = trunk.Of,
        });
    }

    private sealed record Question(Trunk Trunk, string Called, Caller Caller, Diversions Diversions, IDisposable Place);
}
