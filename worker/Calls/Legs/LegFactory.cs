using System.Net.Sockets;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Edge;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>Makes legs out of registrations and trunks.</summary>
internal sealed class LegFactory(LegContext context, Whereabouts bindings, IDirectory directory, bool servesBrowsers = false, Func<SipFlow, BrowserSession?>? browserOver = null) : ILegFactory
{
    public bool CanReach(string domain, string user) => Reachable(domain, user).Count > 0;

    public IReadOnlyList<Leg> ToDevices(
        ILegOwner owner, LegRole role, string domain, string user, Caller caller, LegOffer offer, int firstId, bool autoAnswer = false,
        IReadOnlyList<KeyValuePair<string, string>>? headers = null)
    {
        // One device is rung once, however many flows it keeps (RFC 5626 section 5.3); the newest comes first.
        var devices = Reachable(domain, user).GroupBy(binding => (binding.Device, binding.Instance ?? binding.Contact)).ToList();
        var legs = new Leg[devices.Count];
        for (var i = 0; i < legs.Length; i++)
        {
            var binding = devices[i].First();
            var isBrowser = BrowserDevice.Is(binding.Device);
            var wanted = directory.Current?.FindDevice(domain, binding.Device)?.Device.Srtp;
            var flows = devices[i].Select(TargetOf).OfType<SipTarget>().ToList();
            // Of a device that is to talk under keys, a flow that may carry them comes before a newer one that may not.
            if (!isBrowser && context.Srtp.WantsKeys(wanted)) flows = [.. flows.OrderByDescending(target => context.Srtp.MayCarryKeys(context.SecurityOf(target.Flow)))];
            var flow = flows.Count > 0 ? flows[0].Flow : binding.Flow;
            var srtp = isBrowser ? SrtpUse.Browser : context.Srtp.ForOffer(wanted, context.SecurityOf(flow));
            // One offer goes to all of them in turn: keys must not leave by a clear one after an encrypted one has failed.
            if (srtp is SrtpUse.Optional or SrtpUse.Required) flows.RemoveAll(target => !context.Srtp.MayCarryKeys(context.SecurityOf(target.Flow)));
            var invite = srtp is { } use && flows is [{ Uri: { } target }, ..] ? Invite(target, domain, user, caller, flow, offer.For(use)) : null;
            if (caller.ReferredBy is { } referrer) invite?.Headers.Add(HeaderName.ReferredBy, referrer);
            if (autoAnswer) RemoteControl.AskToAnswer(invite, domain);
            Add(invite, headers);
            legs[i] = new OutgoingLeg(context, owner, Leg.IdOf(firstId + i), role, invite, flow)
            {
                Device = binding.Device,
                Browser = isBrowser ? browserOver?.Invoke(flow) : null,
                Flows = flows,
                // Behind a proxy the dialog's own route leads back, not where the proxy is (RFC 3327 section 5.3).
                Registered = binding.Path is null ? WayTo(binding) : null,
                Srtp = srtp ?? SrtpUse.None,
                Family = flow.Remote.AddressFamily,
            };
        }
        return legs;
    }

    public Func<SipFlow?>? WayTo(DeviceOwner owner, SipFlow heardFrom)
    {
        var mine = bindings.Find(owner.Domain, owner.User.Name).Where(binding => binding.Device == owner.Device.UserName);
        return mine.FirstOrDefault(binding => binding.Flow.Equals(heardFrom) && binding.Path is null) is { } binding ? WayTo(binding) : null;
    }

    public SipLeg? Find(Replaces replaces) => context.Endpoint.Dialogs.Find(replaces.Dialog)?.User as SipLeg;

    public Leg Adopt(ILegOwner owner, LegRole role, GivenLeg given, LegOffer offer, int id) =>
        new AdoptedLeg(context, owner, Leg.IdOf(id), role, given.Leg, offer.For(given.Form, given.Leg.Family))
        {
            Device = given.Leg.Device,
            Browser = given.Leg.Browser,
            Trunk = given.Leg.Trunk,
            Place = given.Place,
            Srtp = given.Form,
            Family = given.Leg.Family,
        };

    public Leg ToTrunk(ILegOwner owner, TrunkAttempt attempt, TrunkCall call, LegOffer offer, int id, LegRole role = LegRole.Destination)
    {
        var (trunk, server, place) = attempt;
        var number = trunk.Outbound.Apply(call.Number, NumberSide.Called);
        var target = SipUri.Create(number, server.Uri.Host, server.Uri.Port, server.Uri.Parameters, server.Uri.IsSecure);
        var flow = NextHop.TryFlow(target, out var known) ? known : null;
        var caller = call.Caller with { User = trunk.Outbound.Apply(call.Caller.User, NumberSide.Caller) };
        var srtp = context.Srtp.ForOffer(trunk.Entry.Srtp, flow?.Kind ?? (NextHop.TryTransport(target, out var kind) ? kind : null));
        SipRequest? invite = null;
        if (srtp is { } use)
        {
            invite = Invite(target, server.Uri.Host, number, caller.Shown, flow, offer.For(use),
                fromHost: caller.IsPrivate ? Caller.AnonymousHost : call.Domain, reliable: context.Signalling.OfferReliableToTrunks);
            TrunkHeaders.Write(invite, trunk, call with { Caller = caller });
            Add(invite, call.Headers);
        }
        // Without a flow the size of a request chooses between UDP and TCP, as nobody opened a flow to us.
        return new OutgoingLeg(context, owner, Leg.IdOf(id), role, invite, flow: null)
        {
            Trunk = trunk.Name,
            Place = place,
            Srtp = srtp ?? SrtpUse.None,
            Family = flow?.Remote.AddressFamily ?? AddressFamily.Unspecified,
            Server = attempt,
            Account = AccountOf(trunk.Entry),
            Patience = TimeSpan.FromSeconds(Math.Clamp(trunk.Settings.AnswerSeconds, 1, 32)),
        };
    }

    private static void Add(SipRequest? invite, IReadOnlyList<KeyValuePair<string, string>>? headers)
    {
        foreach (var (name, value) in headers ?? []) invite?.Headers.Add(name, value);
    }

    private DigestClient? AccountOf(TrunkEntry trunk) =>
        trunk is { UserName: { } account, Password: { } password } ? new DigestClient(account, password, context.Endpoint.Tokens) : null;

    // It registers again under the Call-ID it began with (RFC 3261 section 10.2.4), or names the same instance or contact.
    private Func<SipFlow?> WayTo(Binding known) => () => bindings.Find(known.Domain, known.User).FirstOrDefault(now =>
        now.Device == known.Device
        && (now.CallId == known.CallId || now.Contact == known.Contact || (now.Instance is not null && now.Instance == known.Instance))) is { } found
            ? WayBack(found)
            : null;

    // A device that was taken out of the directory stays registered until its time is up, but is no longer rung.
    private List<Binding> Reachable(string domain, string user) => [.. bindings.Find(domain, user).Where(binding =>
        WayBack(binding) is not null && IsDeviceOf(domain, user, binding.Device))];

    private bool IsDeviceOf(string domain, string user, string device) => BrowserDevice.Is(device)
        ? servesBrowsers && directory.Current?.FindUser(domain, user) is not null
        : directory.Current?.FindDevice(domain, device)?.User.Name == user;

    private SipTarget? TargetOf(Binding binding) => WayBack(binding) is { } flow && SipUri.TryParse(binding.Contact, out var contact)
        ? new SipTarget(flow) { Uri = contact, Routes = binding.Path ?? [] }
        : null;

    // The address it registered from, not the one it claims: behind a NAT only that one leads back. A connection that is gone
    // leads nowhere (RFC 5626 section 5.3), unless the device claims a port of its own at that address and listens there.
    private SipFlow? WayBack(Binding binding)
    {
        if (context.Endpoint.IsOpen(binding.Flow)) return binding.Flow;
        return binding.Edge is null && binding.Transport == SipTransportKind.Tcp && SipUri.TryParse(binding.Contact, out var claimed) && NextHop.TryFlow(claimed, out var flow)
            && flow.Kind == SipTransportKind.Tcp && flow.Remote.Address.Equals(binding.Flow.Remote.Address) ? flow : null;
    }

    private SipRequest Invite(SipUri target, string toHost, string toUser, Caller caller, SipFlow? flow, LegDescription offer, string? fromHost = null,
        bool reliable = false)
    {
        var from = new NameAddress(SipUri.Create(caller.User, fromHost ?? (caller.IsPrivate ? Caller.AnonymousHost : toHost)), caller.DisplayName);
        var to = new NameAddress(SipUri.Create(toUser, toHost));
        var invite = context.Endpoint.CreateRequest(SipMethod.Invite, target, from, to, ContactFor(flow, caller.User));
        Capabilities.AddToInvite(invite, context.Endpoint, reliable);
        invite.SetBody(offer.For(flow?.Remote.AddressFamily ?? AddressFamily.Unspecified), SessionDescription.ContentType);
        if (offer.HasBoth) invite.BodyTowards = family => offer.For(family);
        return invite;
    }

    // While the peer's name is not looked up yet, any transport of ours is as good a guess as another.
    private SipUri? ContactFor(SipFlow? flow, string user) =>
        context.Endpoint.ContactFor(flow ?? new SipFlow(context.Endpoint.Listening[0].Kind, context.Endpoint.Listening[0].Address), user);
}
