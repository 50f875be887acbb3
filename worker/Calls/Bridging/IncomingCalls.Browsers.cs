using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Bridging;

/// <summary>Calls that browsers dial: the hooks decide, and may put another destination in the place of what the page asked for.</summary>
internal sealed partial class IncomingCalls
{
    private const int MaxOwnHeaders = 16;

    private void OnBrowser(ServerTransaction transaction, BrowserSession session, DeviceOwner owner)
    {
        var request = transaction.Request;
        if (request.Headers.Contains(HeaderName.Replaces))
        {
            // Whom it would come to talk to it cannot name, so a token for some destinations covers nobody.
            if (session.Identity.Destinations is not null) BrowserGate.Refuse(transaction, new HookRefusal(403, "token-destination-not-covered"));
            else TakePlaceAtCharge(transaction, session, owner);
        }
        else if (request.Uri.User is not { } asked || !OriginateGuard.IsDestination(asked)) BrowserGate.Refuse(transaction, new HookRefusal(404, "destination-invalid"));
        else
        {
            var call = new BrowserCall(session.Identity, session.Id, NewId().Value, asked, Headers: OwnHeaders(request));
            _ = browsers.AskAsync(transaction, call, answer => Begin(transaction, session, call, answer, owner));
        }
    }

    // One of the token's calls, as a token of one call must not stand in two. Only where there is a place: a slip costs nothing.
    private void TakePlaceAtCharge(ServerTransaction transaction, BrowserSession session, DeviceOwner owner)
    {
        if (FindPlace(transaction, owner) is null) return;
        var call = new BrowserCall(session.Identity, session.Id, NewId().Value, owner.User.Name) { TakesPlace = true };
        _ = browsers.AskAsync(transaction, call, _ => TakePlace(transaction, owner, session));
    }

    private void Begin(ServerTransaction transaction, BrowserSession session, BrowserCall asked, CallAnswer.Accepted answer, DeviceOwner owner)
    {
        var directory = services.Directory.Current!;
        var route = OriginateGuard.IsDestination(answer.Callee) ? directory.RouteTo(owner.Domain, answer.Callee) : Route.None;
        if (book.Admission != OriginateVerdict.Accepted) Refuse(503, "worker-full");
        else if (route is Route.ToTrunk && !DialPolicy.Allows(directory.PolicyOf(owner.Domain), answer.Callee)) Refuse(403, "destination-denied");
        else if (!TryBeginCounted(transaction, ArrivalOf(), Watch)) Refuse(403, "too-many-calls");

        Arrival ArrivalOf() => new(owner.Domain, owner.User.Name, answer.Callee, route is Route.ToUser ? CallDirection.Internal : CallDirection.Outbound)
        {
            Id = CallId.Parse(asked.CallId),
            Asked = asked.Destination,
            CallerId = answer.CallerId is { } shown && OriginateGuard.IsDestination(shown) ? shown : null,
            MaxDuration = answer.MaxDuration,
            Headers = answer.Headers,
            Device = BrowserDevice.Name,
            Browser = session,
            Registered = services.Legs.WayTo(owner, transaction.Flow),
            IsPrivate = CallerIdentity.WantsPrivacy(transaction.Request.Headers),
        };

        void Watch(Call call)
        {
            browsers.Tell(BrowserEventKind.CallTrying, asked);
            _ = call.Ended.ContinueWith(_ => browsers.Tell(BrowserEventKind.CallFinished, asked), TaskScheduler.Default);
        }

        void Refuse(int status, string slug)
        {
            CallLog.DialRefused(services.Logger, slug);
            browsers.Tell(BrowserEventKind.CallRefused, asked, status, slug);
            BrowserGate.Refuse(transaction, new HookRefusal(status, slug));
        }
    }

    private static Dictionary<string, string>? OwnHeaders(SipRequest request)
    {
        Dictionary<string, string>? own = null;
        foreach (var (name, value) in request.Headers.Enumerate())
        {
            if (!name.StartsWith("X-", StringComparison.OrdinalIgnoreCase) || own?.Count >= MaxOwnHeaders) continue;
            (own ??= new(StringComparer.OrdinalIgnoreCase)).TryAdd(name, value);
        }
        return own;
    }
}
