using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// Phones of ours that answer with a 3xx because their user has set a forward (RFC 3261 section 8.1.3.4). Who is named is rung
/// beside the phones that ring already, under the rules for what the user might dial.
/// </summary>
internal sealed partial class Call
{
    private const int TemporarilyUnavailable = 480;
    private const int LoopDetected = 482;

    private readonly HashSet<string> _sendersOn = [];

    // Only a phone by which the call is to reach somebody: who is rung first is wanted at that phone, and at no other.
    private bool SendsOn(Leg leg, LegNews.Failed failed) =>
        failed.Target is not null && leg is { Device: not null, IsOver: false }
        && (IsTarget(leg) || (SideOf(leg) == _second && _phase == CallPhase.Dialling));

    private ValueTask SentOnAsync(Leg leg, LegNews.Failed failed)
    {
        (leg.SipStatus, leg.TakesTalk) = (failed.Status, false);
        var browser = BrowserOf(leg);
        if ((browser?.Identity.User ?? _services.Directory.Current?.FindDevice(Domain, leg.Device!)?.User.Name) is not { } by)
            return NotFollowedAsync(leg, TemporarilyUnavailable, "device-unknown"); // It was taken out of the directory while it rang.
        var sent = new Redirection(by, CalledBy(leg), Named(failed.Target!), leg.RingingAt is not null, leg.Redirection);
        if (ObstacleTo(sent) is var (status, rule)) return NotFollowedAsync(leg, status, rule);
        if (IsRungFor(leg, sent)) return NotFollowedAsync(leg, status: 0, "rung-already");
        if (browser is null && !LeadsOutside(sent.To)) return FollowAsync(leg, sent);
        if (!TryCount(by)) return NotFollowedAsync(leg, TemporarilyUnavailable, "too-many-calls");
        leg.SentOn = sent;
        _referrals++;
        var asked = _services.Hooks.MayDialAsync(new DialQuestion(Id, Domain, by, sent.To, failed.From, _referrals) { Browser = browser });
        if (asked.IsCompletedSuccessfully) return DecidedAsync(new CallRequest.RedirectDecided(leg, sent, asked.Result));
        _ = asked.ContinueWith(answer => Ask(new CallRequest.RedirectDecided(leg, sent, answer.Result)), TaskScheduler.Default);
        return ValueTask.CompletedTask;
    }

    // A number of one of ours is that user: the call would only come back.
    private string Named(SipUri target) => target.User is not { } to ? "" : _services.Directory.Current?.FindUserByNumber(Domain, to)?.Name ?? to;

    private ValueTask DecidedAsync(CallRequest.RedirectDecided decided)
    {
        var (leg, sent, answer) = decided;
        if (answer is not CallAnswer.Accepted { Callee: var to } accepted) return NotFollowedAsync(leg, TemporarilyUnavailable, "refused");
        // Who decides for browsers may have named somebody else.
        var allowed = sent with { To = to, CallerId = accepted.CallerId, MaxDuration = accepted.MaxDuration };
        if (ObstacleTo(allowed) is var (status, rule)) return NotFollowedAsync(leg, status, rule);
        return IsRungFor(leg, allowed) ? NotFollowedAsync(leg, status: 0, "rung-already") : FollowAsync(leg, allowed);
    }

    // Why nobody is rung for it; null when somebody may be. As if the user dialled it.
    private (int Status, string Rule)? ObstacleTo(Redirection sent)
    {
        if (!OriginateGuard.IsDestination(sent.To)) return (TemporarilyUnavailable, "destination-invalid");
        if (sent.IsCircle || DiversionsOf(sent).Count > Diversions.Most) return (LoopDetected, "sent-on-too-often");
        if (_legs.Count >= MostLegs || _referrals >= MostReferrals) return (TemporarilyUnavailable, "too-many-legs");
        return _services.Directory.Current?.RouteTo(Domain, sent.To) switch
        {
            Route.ToUser user when _services.Legs.CanReach(Domain, user.User.Name) => null,
            Route.ToTrunk when MayDial(sent.To) => null,
            Route.ToTrunk => (TemporarilyUnavailable, "destination-denied"),
            _ => (TemporarilyUnavailable, "no-route"),
        };
    }

    // Two phones of a user send the call on to the same number.
    private bool IsRungFor(Leg leg, Redirection sent) => Fork(leg).Exists(other =>
        other.Redirection?.To == sent.To || (other != leg && other is { IsOver: false, SentOn.To: var asked } && asked == sent.To));

    private async ValueTask FollowAsync(Leg leg, Redirection sent)
    {
        if (leg.IsOver) return; // Somebody has answered meanwhile, or nobody waits any more.
        var transfer = IsTarget(leg) ? _transfer : null;
        var legs = LegsFor(leg, sent, transfer);
        if (legs.Count == 0)
        {
            await NotFollowedAsync(leg, TemporarilyUnavailable, "destination-unreachable");
            return;
        }
        if (transfer is null) _services.Clock.Arm(_deadline, _plan.RingTimeout, CallInput.DestinationRingTimeout);
        else _services.Clock.Arm(_targetDeadline, transfer.RingTimeout, default);
        foreach (var next in legs)
        {
            next.Redirection = sent;
            // A colleague's phone has the call then; a number outside is the user's own.
            if (next.Device is not null) next.Replaces = leg.Id;
        }
        await HushAsync(leg, transfer);
        if (transfer is null) Ring(legs);
        else foreach (var next in legs) AddTarget(transfer, next);
        leg.Reason = CallReasons.Transferred;
        await OverAsync(leg);
    }

    // What it sent before is over; now the others may be heard.
    private async ValueTask HushAsync(Leg leg, Transfer? transfer)
    {
        if (transfer?.Early == leg)
        {
            transfer.Early = null;
            await TalkAsync(transfer.Transferor, TalkInput.TargetHushes);
        }
        if (_earlyLeg == leg) (_earlyLeg, _earlySound) = (null, false);
    }

    private IReadOnlyList<Leg> LegsFor(Leg leg, Redirection sent, Transfer? transfer)
    {
        switch (_services.Directory.Current?.RouteTo(Domain, sent.To))
        {
            case Route.ToUser user:
                var caller = transfer is null ? CallerInside() : CallerStaying(Other(transfer.Transferor), transfer);
                var audio = (transfer?.Audio ?? _second.Audio)!;
                var history = DiversionsOf(sent, inside: true).Headers(SipUri.Create(sent.To, Domain));
                return _services.Legs.ToDevices(
                    this, leg.Role, Domain, user.User.Name, caller, OfferTo(leg, audio, CodecsTo(leg)), _legs.Count + 1, headers: [.. history]);
            case Route.ToTrunk trunk:
                sent.Hunt = HuntFor(trunk.Trunks);
                return NextRedirectedLeg(leg, sent) is { } next ? [next] : [];
            default:
                return [];
        }
    }

    private Leg? NextRedirectedLeg(Leg leg, Redirection sent)
    {
        var transfer = IsTarget(leg) ? _transfer : null;
        var audio = (transfer?.Audio ?? _second.Audio)!;
        var shown = (sent.CallerId ?? transfer?.CallerId) is { } number && OriginateGuard.IsDestination(number) ? number : null;
        var next = NextTrunkLeg(sent.Hunt, codecs => OfferTo(leg, audio, codecs), CodecsTo(leg), sent.To, DiversionsOf(sent), leg.Role, shown);
        next?.Redirection = sent;
        return next;
    }

    // As long as others ring, their offer has to stay what it is: one of them may answer it.
    private LegOffer OfferTo(Leg leg, AudioEnd audio, IReadOnlyList<AudioCodec> codecs) =>
        Fork(leg).Exists(other => other != leg && !other.IsOver) ? audio.OfferBeside(codecs) : audio.FirstOffer(codecs);

    private IReadOnlyList<AudioCodec> CodecsTo(Leg leg) =>
        IsTarget(leg) ? Other(_transfer!.Transferor).Audio!.CodecsToDial() : CodecsForDestination();

    // Who rings, or has rung, beside it.
    private List<Leg> Fork(Leg leg) => IsTarget(leg) ? _transfer!.Targets : _legs.FindAll(other => other.Role == leg.Role);

    private string CalledBy(Leg leg) =>
        leg.Redirection?.To ?? (IsTarget(leg) ? _transfer!.To : _plan.Inbound?.Onward) ?? _plan.Destination;

    // Phones of ours are told what happened here only: who sent it on outside may not want to be named to everybody.
    private Diversions DiversionsOf(Redirection sent, bool inside = false) =>
        sent.After(inside || _transfer is not null ? Diversions.None : _plan.Inbound?.Diversions ?? Diversions.None, Domain);

    private ValueTask NotFollowedAsync(Leg leg, int status, string rule)
    {
        if (leg.IsOver) return ValueTask.CompletedTask;
        CallLog.NotFollowed(_services.Logger, Id, rule);
        return IsTarget(leg) ? TargetRefusesAsync(_transfer!, leg, status) : RefusesAsync(leg, status);
    }

    // The call outside is the user's, and counts as one that the user dials, once for all that the user's phones send on.
    private bool TryCount(string user)
    {
        if (_sendersOn.Contains(user)) return true;
        var most = _services.Directory.Current?.PolicyOf(Domain)?.MaxConcurrentCallsPerUser ?? _services.Options.MaxDialledPerUser;
        if (!_services.Dialled.TryAdd(Domain, user, most)) return false;
        _sendersOn.Add(user);
        _ = Ended.ContinueWith(_ => _services.Dialled.Remove(Domain, user), TaskScheduler.Default);
        return true;
    }
}
