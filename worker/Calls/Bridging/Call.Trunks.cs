using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Bridging;

/// <summary>The way out by trunks, one server after the other.</summary>
internal sealed partial class Call
{
    private TrunkHunt? _hunt;

    private void DialTrunks(IReadOnlyList<Trunk> trunks)
    {
        _hunt = HuntFor(trunks);
        if ((_second.Audio = OpenAudio(_first.Audio)) is null) Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCapacity));
        else if (DialNextTrunk())
            _services.Clock.Arm(_deadline, _plan.RingTimeout, CallInput.DestinationRingTimeout);
        else if (_hunt.FoundFull) Stop(new CallOutcome(CallResult.Failed, CallReasons.TrunkFull));
        else Stop(new CallOutcome(CallResult.Failed, _hunt.FoundMute ? CallReasons.NoCommonCodec : CallReasons.DestinationUnreachable));
    }

    private TrunkHunt HuntFor(IReadOnlyList<Trunk> trunks) => new(trunks, _services.TrunkLoad, _services.TrunkStates, _services.Random);

    private bool DialNextTrunk()
    {
        var number = _plan.Inbound?.Onward ?? _plan.Destination;
        if (NextTrunkLeg(_hunt, _second.Audio!.FirstOffer, CodecsForDestination(), number, DiversionsOut(), LegRole.Destination, headers: _plan.Headers) is not { } leg) return false;
        Ring([leg]);
        return true;
    }

    // Null when there is nothing left to try.
    private Leg? NextTrunkLeg(
        TrunkHunt? hunt, Func<IReadOnlyList<AudioCodec>, LegOffer> offer, IReadOnlyList<AudioCodec> codecs, string number, Diversions diversions, LegRole role, string? callerId = null,
        IReadOnlyList<KeyValuePair<string, string>>? headers = null)
    {
        while (hunt?.Next() is { } attempt)
        {
            var allowed = attempt.Trunk.Of(codecs);
            if (!allowed.Any(codec => codec.Kind == CodecKind.Speech))
            {
                hunt.FoundMute = true;
                attempt.Place.Dispose();
                continue;
            }
            var call = new TrunkCall(_plan.Domain, number, CallerOutside(attempt.Trunk, callerId), diversions, _plan.Inbound?.MaxForwards) { Headers = headers };
            return _services.Legs.ToTrunk(this, attempt, call, offer(allowed), _legs.Count + 1, role);
        }
        return null;
    }

    // Once somebody was alerted or heard, another server would ring them again; and who is busy here is busy there.
    private bool TriesAnotherTrunk(Leg leg, int status)
    {
        if (_phase != CallPhase.Dialling || leg.Trunk is null || leg.RingingAt is not null || _earlyLeg is not null || !TrunkHunt.IsWorthAnother(status)) return false;
        if (leg.Redirection is not { } sent) return DialNextTrunk();
        if (NextRedirectedLeg(leg, sent) is not { } next) return false;
        Ring([next]);
        return true;
    }

    // RFC 3261 section 21.3: a trunk that redirects means another of its servers. To anybody else, or another number, no call of ours is sent by it.
    private void HeedRedirect(Leg leg, int said, SipUri? target)
    {
        if (leg.Server is not { } attempt || said is < 300 or >= 400) return;
        var hunt = leg.Redirection is { } sent ? sent.Hunt : IsTarget(leg) ? _transfer!.Hunt : _hunt;
        hunt?.Redirect(attempt, target, CalledBy(leg));
    }

    // By what the server itself has said: a number that the network behind it cannot reach is not the server's failure.
    private void ReportServer(Leg leg, int said)
    {
        if (leg.Server is { } server) _services.TrunkStates.Report(server.Trunk, server.Server, !TrunkHunt.ShowsTrouble(said));
    }

    /// <param name="instead">Shown in place of whoever called, by the word of who let the target be dialled.</param>
    private Caller CallerOutside(Trunk trunk, string? instead)
    {
        var user = _services.Directory.Current?.FindUser(_plan.Domain, _plan.User);
        var inbound = instead is null ? _plan.Inbound?.Caller : null;
        var caller = CallerPolicy.Choose(trunk, inbound, instead ?? _plan.CallerId, user?.CallerId, _plan.User);
        return caller with { IsPrivate = caller.IsPrivate || _plan.IsPrivate };
    }

    private Diversions DiversionsOut() => _plan.Inbound is { Onward: not null } inbound
        ? inbound.Diversions.With(_plan.Destination, _plan.Domain)
        : Diversions.None;
}
