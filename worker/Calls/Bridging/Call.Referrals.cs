using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Bridging;

/// <summary>What phones ask by REFER (RFC 3515).</summary>
internal sealed partial class Call
{
    private const int Forbidden = 403;
    private const int NotFound = 404;

    private async ValueTask ReferredAsync(Leg leg, IReferral referral)
    {
        if (leg.IsOver || IsDisplaced(leg)) referral.Refuse(NoSuchDialog);
        // Nobody outside may have us dial.
        else if (leg.Device is null) referral.Refuse(Forbidden);
        else if (referral.Target.Replaces is { } replaces) await JoinReferredAsync(SideOf(leg), replaces, referral);
        // What a browser may dial its token and the hooks say, and a REFER shows neither: it joins only calls that were asked for.
        else if (BrowserDevice.Is(leg.Device)) referral.Refuse(Forbidden);
        else if (referral.Target.Uri.User is not { } to || !OriginateGuard.IsDestination(to)) referral.Refuse(NotFound);
        else if (!MayDial(to)) referral.Refuse(Forbidden);
        else
        {
            var transfer = new Transfer(SideOf(leg)) { To = to, Referral = referral, RingTimeout = _services.Options.DialledRingTimeout };
            if (await BeginReferredAsync(transfer, TalkInput.TransferBegins) is { } status) referral.Refuse(status);
        }
    }

    private async ValueTask JoinReferredAsync(Side side, Replaces replaces, IReferral referral)
    {
        var transfer = new Transfer(side) { Referral = referral };
        if (_services.Legs.Find(replaces) is not { Owner: Call other } leaving || other == this || other.Domain != Domain) referral.Refuse(NotFound);
        else if (await BeginReferredAsync(transfer, TalkInput.JoinBegins) is { } status) referral.Refuse(status);
        else Fetch(transfer, other, leaving, name: null);
    }

    // What the referrer is refused with; null when it begins. It hears that it was accepted before anything else.
    private async ValueTask<int?> BeginReferredAsync(Transfer transfer, TalkInput input)
    {
        if (Obstacle(transfer) is { } obstacle) return StatusOf(obstacle);
        transfer.Referral!.Accept();
        await BeginAsync(transfer, input);
        return null;
    }

    private static int StatusOf(OrderVerdict verdict) => verdict switch
    {
        OrderVerdict.TargetUnreachable => NotFound,
        OrderVerdict.TransferUnderWay => RequestPending,
        _ => Declined,
    };

    // As if the device dialled it.
    private bool MayDial(string to) =>
        _services.Directory.Current is { } directory
        && (directory.RouteTo(_plan.Domain, to) is not Directory.Route.ToTrunk || DialPolicy.Allows(directory.PolicyOf(_plan.Domain), to));
}
