using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Srtp;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// Calls that come to us: what a registered device dials itself, and what trunks bring. Whoever is neither is refused with 404
/// before anything is kept of the request. Runs on the stack's loop.
/// </summary>
internal sealed partial class IncomingCalls(
    LegContext legs, DeviceGate gate, BrowserGate browsers, TrunkCalls trunks, Refusals refusals, CallServices services, CallBook book)
{
    /// <summary>What costs nothing: a challenge for devices of ours, and the door for strangers, who are never challenged.</summary>
    public SipResponse? AnswerStatelessly(StatelessRequest request)
    {
        if (services.Directory.Current is not { } known || trunks.SenderOf(request.Request, request.Flow) is not null) return null;
        if (book.IsDraining) return null; // Who is refused in any case is not asked for a password first.
        if (known.HasDomain(request.Request.From.Uri.Host)) return gate.Challenge(request, request.Request.From.Uri.Host, proxy: true);
        trunks.Metrics.Refused(trunk: null, "unknown-source");
        return request.CreateResponse(404);
    }

    public void OnInvite(ServerTransaction transaction)
    {
        if (book.Admission != OriginateVerdict.Accepted) DeviceGate.Unavailable(transaction);
        else if (trunks.SenderOf(transaction.Request, transaction.Flow) is { } trunk)
            trunks.OnInvite(transaction, trunk, arrival => TakeFromTrunk(transaction, arrival));
        else OnDialled(transaction);
    }

    // What is sent on is charged to its user, like a call that the user dials.
    private void TakeFromTrunk(ServerTransaction transaction, Arrival arrival)
    {
        if (arrival.Inbound?.Onward is null) Begin(transaction, arrival);
        else if (!TryBeginCounted(transaction, arrival))
        {
            arrival.Place?.Dispose();
            trunks.Refuse(transaction, arrival.Trunk!, 480, "too-many-calls");
        }
    }

    /// <summary>False when the user has as many calls as may be, and nothing was answered.</summary>
    /// <param name="begun">Told of the call, should it begin.</param>
    private bool TryBeginCounted(ServerTransaction transaction, Arrival arrival, Action<Call>? begun = null)
    {
        if (!TryCount(arrival)) return false;
        BeginCounted(transaction, arrival, begun);
        return true;
    }

    private bool TryCount(Arrival arrival)
    {
        var policy = services.Directory.Current?.PolicyOf(arrival.Domain);
        return services.Dialled.TryAdd(arrival.Domain, arrival.User, policy?.MaxConcurrentCallsPerUser ?? services.Options.MaxDialledPerUser);
    }

    private void BeginCounted(ServerTransaction transaction, Arrival arrival, Action<Call>? begun = null)
    {
        var began = Begin(transaction, arrival);
        if (began is not null) begun?.Invoke(began);
        if (began is null) services.Dialled.Remove(arrival.Domain, arrival.User);
        else _ = began.Ended.ContinueWith(_ => services.Dialled.Remove(arrival.Domain, arrival.User), TaskScheduler.Default);
    }

    private void OnDialled(ServerTransaction transaction)
    {
        if (BrowserGate.IsBrowser(transaction))
        {
            browsers.Admit(transaction, transaction.Request.From.Uri.Host, proxy: true, (session, user) => OnBrowser(transaction, session, user));
            return;
        }
        if (gate.Admit(transaction, transaction.Request.From.Uri.Host, proxy: true) is not { } owner) return;
        if (transaction.Request.Headers.Contains(HeaderName.Replaces))
        {
            TakePlace(transaction, owner);
            return;
        }
        if (transaction.Request.Uri.User is not { } destination || !OriginateGuard.IsDestination(destination))
        {
            Refuse(transaction, owner, 404, CallReasons.NoRoute, phrase: null);
            return;
        }
        var directory = services.Directory.Current!;
        var route = directory.RouteTo(owner.Domain, destination);
        if (route is Route.ToTrunk && !DialPolicy.Allows(directory.PolicyOf(owner.Domain), destination))
        {
            Refuse(transaction, owner, 403, "destination-denied", "Destination Not Allowed");
            return;
        }
        var direction = route is Route.ToUser ? CallDirection.Internal : CallDirection.Outbound;
        var arrival = new Arrival(owner.Domain, owner.User.Name, destination, direction)
        {
            Id = NewId(),
            Device = owner.Device.UserName,
            Srtp = owner.Device.Srtp,
            Registered = services.Legs.WayTo(owner, transaction.Flow),
            IsPrivate = CallerIdentity.WantsPrivacy(transaction.Request.Headers),
        };
        if (!TryCount(arrival)) Refuse(transaction, owner, 403, "too-many-calls", "Too Many Calls");
        else if (route is Route.ToTrunk) AskAbout(transaction, owner, arrival);
        else BeginCounted(transaction, arrival);
    }

    // Its place among the user's calls is taken before, so that no more questions are under way than calls may be.
    private void AskAbout(ServerTransaction transaction, DeviceOwner owner, Arrival arrival)
    {
        var asked = services.Hooks.MayDialAsync(new DialQuestion(
            arrival.Id!.Value, arrival.Domain, arrival.User, arrival.Destination, transaction.Flow.Remote.Address));
        if (asked.IsCompletedSuccessfully) Decide(transaction, owner, arrival, asked.Result);
        else _ = asked.ContinueWith(answer => legs.Endpoint.Post(() => Decide(transaction, owner, arrival, answer.Result)), TaskScheduler.Default);
    }

    private void Decide(ServerTransaction transaction, DeviceOwner owner, Arrival arrival, CallAnswer answer)
    {
        // Who has given up meanwhile was answered already.
        if (!transaction.IsAnswered && answer is CallAnswer.Accepted accepted && book.Admission == OriginateVerdict.Accepted)
        {
            BeginCounted(transaction, arrival with { MaxDuration = accepted.MaxDuration });
            return;
        }
        services.Dialled.Remove(arrival.Domain, arrival.User);
        if (transaction.IsAnswered) return;
        if (answer is CallAnswer.Refused { Why: var why }) Refuse(transaction, owner, why.Status, why.Slug, phrase: null);
        else DeviceGate.Unavailable(transaction);
    }

    // RFC 3891 section 3. Which of our dialogs there are is nobody's business outside of their domain.
    private void TakePlace(ServerTransaction transaction, DeviceOwner owner, BrowserSession? browser = null)
    {
        if (FindPlace(transaction, owner) is not var (call, replaced, earlyOnly, contact, srtp)) return;
        var comer = new IncomingLeg(legs, call, call.NextComerId(), replaced.Role, transaction, contact)
        {
            Device = owner.Device.UserName,
            Browser = browser,
            Registered = services.Legs.WayTo(owner, transaction.Flow),
            Srtp = srtp,
        };
        call.Ask(new CallRequest.TakePlace(replaced, comer, earlyOnly));
    }

    // Null when the request was answered instead.
    private Place? FindPlace(ServerTransaction transaction, DeviceOwner owner)
    {
        if (transaction.Request.Headers.GetAll(HeaderName.Replaces) is not [var text] || !Replaces.TryParse(text, out var replaces)) transaction.Respond(400);
        else if (services.Legs.Find(replaces!) is not { Owner: Call call } replaced || call.Domain != owner.Domain) transaction.Respond(481);
        else if (replaced is IncomingLeg { IsAnswered: false }) transaction.Respond(481); // An early dialog may only be replaced by who is rung in it.
        else if (legs.Endpoint.ContactFor(transaction.Flow, owner.User.Name) is not { } contact) transaction.Respond(503);
        else if (legs.Srtp.ForAnswer(owner.Device.Srtp, transaction.Flow.Kind) is not { } srtp) transaction.Respond(488);
        else return new Place(call, replaced, replaces!.EarlyOnly, contact, srtp);
        return null;
    }

    /// <summary>Makes a call of it; null when the request was refused instead.</summary>
    private Call? Begin(ServerTransaction transaction, Arrival arrival)
    {
        if (legs.Endpoint.ContactFor(transaction.Flow, arrival.Asked ?? arrival.Destination) is not { } contact)
        {
            arrival.Place?.Dispose();
            transaction.Respond(503);
            return null;
        }
        if (legs.Srtp.ForAnswer(arrival.Trunk?.Entry.Srtp ?? arrival.Srtp, transaction.Flow.Kind) is not { } srtp)
        {
            arrival.Place?.Dispose();
            transaction.Respond(488); // Its media must be protected, and this transport would show the keys.
            return null;
        }
        var policy = services.Directory.Current?.PolicyOf(arrival.Domain);
        var longest = policy?.MaxCallSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : services.Options.MaxDuration;
        if (arrival.MaxDuration is { } shorter && shorter < longest) longest = shorter;
        var plan = new CallPlan(
            arrival.Id ?? NewId(), arrival.Domain, arrival.User, arrival.Destination, arrival.Direction,
            arrival.Inbound is { Caller: var caller } ? caller.Shown.User : arrival.CallerId, Prompt: false, services.Options.DialledRingTimeout, longest)
        {
            Route = arrival.Route,
            Asked = arrival.Asked == arrival.Destination ? null : arrival.Asked,
            Headers = arrival.Headers,
            Inbound = arrival.Inbound,
            IsPrivate = arrival.IsPrivate,
        };
        var call = new Call(services, plan);
        call.TakeDialling(new IncomingLeg(legs, call, Leg.IdOf(1), arrival.Trunk is null ? LegRole.User : LegRole.Caller, transaction, contact)
        {
            Device = arrival.Device,
            Browser = arrival.Browser,
            Registered = arrival.Registered,
            Trunk = arrival.Trunk?.Name,
            Codecs = arrival.Trunk is { } trunk ? trunk.Of : null,
            Place = arrival.Place,
            Srtp = srtp,
        });
        if (book.TryBegin(call, command: null, CallInput.Dialled)) return call;
        arrival.Place?.Dispose();
        transaction.Respond(503);
        return null;
    }

    private CallId NewId() => CallId.Parse(legs.Endpoint.Tokens.Next());

    private void Refuse(ServerTransaction transaction, DeviceOwner owner, int status, string rule, string? phrase)
    {
        CallLog.DialRefused(services.Logger, rule);
        refusals.Refuse(new Refusal(transaction, status, rule) { Phrase = phrase, Domain = owner.Domain, Srtp = owner.Device.Srtp });
    }

    private sealed record Place(Call Call, SipLeg Replaced, bool EarlyOnly, SipUri Contact, SrtpUse Srtp);
}
