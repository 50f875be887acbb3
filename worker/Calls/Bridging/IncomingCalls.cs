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
    private readonly DialledCalls _dialled = new();

    public void OnInvite(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (book.Admission != OriginateVerdict.Accepted) DeviceGate.Unavailable(transaction);
        else if (gate.Admit(transaction, request.From.Uri.Host, proxy: true) is not { } owner) return;
        else if (request.Uri.User is not { } destination || !OriginateGuard.IsDestination(destination)) transaction.Respond(404);
        else if (legs.Endpoint.ContactFor(transaction.Flow, destination) is not { } contact) transaction.Respond(503);
        else Begin(transaction, owner, destination, contact);
    }

    private void Begin(ServerTransaction transaction, DeviceOwner owner, string destination, SipUri contact)
    {
        var directory = services.Directory.Current!;
        var route = directory.RouteTo(owner.Domain, destination);
        var policy = directory.PolicyOf(owner.Domain);
        if (route is Route.ToTrunk && !DialPolicy.Allows(policy, destination))
        {
            Refuse(transaction, "destination-denied", "Destination Not Allowed");
            return;
        }
        if (!_dialled.TryAdd(owner.Domain, owner.User.Name, policy?.MaxConcurrentCallsPerUser ?? services.Options.MaxDialledPerUser))
        {
            Refuse(transaction, "too-many-calls", "Too Many Calls");
            return;
        }
        var direction = route is Route.ToUser ? CallDirection.Internal : CallDirection.Outbound;
        var longest = policy?.MaxCallSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : services.Options.MaxDuration;
        var plan = new CallPlan(
            CallId.Parse(legs.Endpoint.Tokens.Next()), owner.Domain, owner.User.Name, destination, direction, CallerId: null, Prompt: false,
            services.Options.DialledRingTimeout, longest);
        var call = new Call(services, plan);
        var way = services.Legs.WayTo(owner, transaction.Flow);
        call.TakeDialling(new IncomingLeg(legs, call, Leg.IdOf(1), transaction, contact) { Device = owner.Device.UserName, Registered = way });
        _ = call.Ended.ContinueWith(_ => _dialled.Remove(owner.Domain, owner.User.Name), TaskScheduler.Default);
        if (!book.TryBegin(call, command: null, CallInput.Dialled)) transaction.Respond(503);
    }

    private void Refuse(ServerTransaction transaction, string reason, string phrase)
    {
        CallLog.DialRefused(services.Logger, reason);
        transaction.Respond(403, phrase);
    }
}
