using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Registrar;
using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// Calls that a registered device dials itself. Whoever is no device of a domain here is refused: 404 where the caller's domain
/// is foreign, as calls from trunks are not taken yet. Runs on the stack's loop.
/// </summary>
internal sealed class IncomingCalls(LegContext legs, DeviceGate gate, CallServices services, CallBook book)
{
    public void OnInvite(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (book.Admission != OriginateVerdict.Accepted) DeviceGate.Unavailable(transaction);
        else if (gate.Admit(transaction, request.From.Uri.Host, proxy: true) is not { } owner) return;
        else if (request.Uri.User is not { } destination || !OriginateGuard.IsDestination(destination)) transaction.Respond(404);
        else if (request.Body.IsEmpty) transaction.Respond(488); // A late offer: we would not know what to offer the far end.
        else if (legs.Endpoint.ContactFor(transaction.Flow, destination) is not { } contact) transaction.Respond(503);
        else Begin(transaction, owner, destination, contact);
    }

    private void Begin(ServerTransaction transaction, DeviceOwner owner, string destination, SipUri contact)
    {
        var direction = services.Directory.Current!.RouteTo(owner.Domain, destination) is Route.ToUser ? CallDirection.Internal : CallDirection.Outbound;
        var plan = new CallPlan(
            CallId.Parse(legs.Endpoint.Tokens.Next()), owner.Domain, owner.User.Name, destination, direction, CallerId: null, Prompt: false,
            services.Options.DialledRingTimeout, services.Options.MaxDuration);
        var call = new Call(services, plan);
        var way = services.Legs.WayTo(owner, transaction.Flow);
        call.TakeDialling(new IncomingLeg(legs, call, Leg.IdOf(1), transaction, contact) { Device = owner.Device.UserName, Registered = way });
        if (!book.TryBegin(call, command: null, CallInput.Dialled)) transaction.Respond(503);
    }
}
