using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Bridging;

/// <summary>What phones ask by REFER (RFC 3515).</summary>
internal sealed partial class Call
{
    private const int Forbidden = 403;
    private const int NotFound = 404;

    // As many numbers as may be asked about in one call; others are numbered behind it.
    private const int MostReferrals = 400;

    private int _referrals = 1;

    private async ValueTask ReferredAsync(Leg leg, IReferral referral)
    {
        if (leg.IsOver || IsDisplaced(leg)) referral.Refuse(NoSuchDialog);
        // Nobody outside may have us dial.
        else if (leg.Device is null) referral.Refuse(Forbidden);
        else if (referral.Target.Replaces is { } replaces) await JoinReferredAsync(leg, replaces, referral);
        else if (referral.Target.Uri.User is not { } to || !OriginateGuard.IsDestination(to)) referral.Refuse(NotFound);
        else if (BrowserDevice.Is(leg.Device)) await ReferredByBrowserAsync(leg, referral, to);
        else if (!MayDial(to)) referral.Refuse(Forbidden);
        else if (!LeadsOutside(to)) await ReferredOnAsync(new CallRequest.ReferralDecided(leg, referral, new CallAnswer.Accepted(to)));
        else await AskAboutAsync(leg, referral, new DialQuestion(Id, Domain, UserOf(leg), to, referral.Flow.Remote.Address));
    }

    // What a browser may dial its token and the hooks say; they may put another target in the place of what it names.
    private async ValueTask ReferredByBrowserAsync(Leg leg, IReferral referral, string to)
    {
        if (_services.Hooks.BrowserOver(referral.Flow) is not { Identity: var identity } browser || identity.Domain != Domain) referral.Refuse(Forbidden);
        else await AskAboutAsync(leg, referral, new DialQuestion(Id, Domain, identity.User, to) { Browser = browser });
    }

    // Meanwhile the call goes on; the answer comes back through the mailbox. What is asked about may be charged for, so nothing is that
    // cannot begin.
    private ValueTask AskAboutAsync(Leg leg, IReferral referral, DialQuestion question)
    {
        if (RefusalUnasked(leg) is { } status)
        {
            referral.Refuse(status);
            return ValueTask.CompletedTask;
        }
        leg.IsAskedAbout = true;
        _referrals++;
        var asked = _services.Hooks.MayDialAsync(question with { Attempt = _referrals });
        if (asked.IsCompletedSuccessfully) return ReferredOnAsync(new CallRequest.ReferralDecided(leg, referral, asked.Result));
        _ = asked.ContinueWith(answer => Ask(new CallRequest.ReferralDecided(leg, referral, answer.Result)), TaskScheduler.Default);
        return ValueTask.CompletedTask;
    }

    private int? RefusalUnasked(Leg leg)
    {
        if (leg.IsAskedAbout) return RequestPending;
        if (Obstacle(new Transfer(SideOf(leg))) is { } obstacle) return StatusOf(obstacle);
        return _referrals >= MostReferrals ? Forbidden : null;
    }

    private async ValueTask ReferredOnAsync(CallRequest.ReferralDecided decided)
    {
        var (leg, referral, answer) = decided;
        leg.IsAskedAbout = false;
        if (leg.IsOver || IsDisplaced(leg)) referral.Refuse(NoSuchDialog);
        else if (answer is not CallAnswer.Accepted { Callee: var to } accepted) referral.Refuse(Forbidden);
        else if (!OriginateGuard.IsDestination(to)) referral.Refuse(NotFound);
        else if (!MayDial(to)) referral.Refuse(Forbidden);
        else
        {
            var transfer = new Transfer(SideOf(leg))
            {
                To = to,
                Referral = referral,
                RingTimeout = _services.Options.DialledRingTimeout,
                CallerId = accepted.CallerId,
                MaxDuration = accepted.MaxDuration,
            };
            if (await BeginReferredAsync(transfer, TalkInput.TransferBegins) is { } status) referral.Refuse(status);
        }
    }

    private async ValueTask JoinReferredAsync(Leg leg, Replaces replaces, IReferral referral)
    {
        var transfer = new Transfer(SideOf(leg)) { Referral = referral };
        var leaving = _services.Legs.Find(replaces);
        if (BrowserDevice.Is(leg.Device) && !IsOwnOver(referral.Flow, leaving)) referral.Refuse(Forbidden);
        else if (leaving is not { Owner: Call other } || other == this || other.Domain != Domain) referral.Refuse(NotFound);
        else if (await BeginReferredAsync(transfer, TalkInput.JoinBegins) is { } status) referral.Refuse(status);
        else Fetch(transfer, other, leaving, name: null);
    }

    // Two calls of a browser's own user are joined without anybody being asked, as both were decided and charged for when they began.
    // Another's place would be a call more, to somebody whom the token need not cover. What is not there is refused alike.
    private bool IsOwnOver(SipFlow flow, SipLeg? leaving) =>
        leaving is not null && _services.Hooks.BrowserOver(flow) is { Identity: var who } && who.Domain == Domain
        && (leaving.Browser?.Identity.User ?? (leaving.Device is { } device ? _services.Directory.Current?.FindDevice(Domain, device)?.User.Name : null)) == who.User;

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

    private bool LeadsOutside(string to) => _services.Directory.Current?.RouteTo(_plan.Domain, to) is Directory.Route.ToTrunk;

    // Whose phone it is; of one that was taken out of the directory meanwhile, whose call.
    private string UserOf(Leg leg) =>
        leg.Device is { } device && _services.Directory.Current?.FindDevice(Domain, device) is { User.Name: var user } ? user : _plan.User;

    // As if the device dialled it.
    private bool MayDial(string to) =>
        _services.Directory.Current is { } directory
        && (directory.RouteTo(_plan.Domain, to) is not Directory.Route.ToTrunk || DialPolicy.Allows(directory.PolicyOf(_plan.Domain), to));
}
