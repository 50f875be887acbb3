using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Bridging;

/// <summary>The way out by trunks, one server after the other.</summary>
internal sealed partial class Call
{
    private TrunkHunt? _hunt;

    private void DialTrunks(IReadOnlyList<Trunk> trunks)
    {
        _hunt = new TrunkHunt(trunks, _services.TrunkLoad, _services.TrunkStates, _services.Random);
        if ((_second.Audio = OpenAudio(_first.Audio)) is null) Stop(new CallOutcome(CallResult.Failed, CallReasons.NoCapacity));
        else if (DialNextTrunk())
            _services.Clock.Arm(_deadline, _plan.RingTimeout, CallInput.DestinationRingTimeout);
        else if (_hunt.FoundFull) Stop(new CallOutcome(CallResult.Failed, CallReasons.TrunkFull));
        else Stop(new CallOutcome(CallResult.Failed, _hunt.FoundMute ? CallReasons.NoCommonCodec : CallReasons.DestinationUnreachable));
    }

    private bool DialNextTrunk()
    {
        while (_hunt?.Next() is { } attempt)
        {
            var codecs = attempt.Trunk.Of(CodecsForDestination());
            if (!codecs.Any(codec => codec.Kind == Media.Sdp.CodecKind.Speech))
            {
                _hunt.FoundMute = true;
                attempt.Place.Dispose();
                continue;
            }
            var call = new TrunkCall(
                _plan.Domain, _plan.Inbound?.Onward ?? _plan.Destination, CallerOutside(attempt.Trunk), DiversionsOut(), _plan.Inbound?.MaxForwards);
            Ring([_services.Legs.ToTrunk(this, attempt, call, _second.Audio!.FirstOffer(codecs), _legs.Count + 1)]);
            return true;
        }
        return false;
    }

    // Once somebody was alerted or heard, another server would ring them again; and who is busy here is busy there.
    private bool TriesAnotherTrunk(Leg leg, int status)
    {
        if (leg.Server is { } server) _services.TrunkStates.Report(server.Trunk, server.Server, !TrunkHunt.IsWorthAnother(status));
        return _phase == CallPhase.Dialling && leg.Trunk is not null && leg.RingingAt is null && _earlyLeg is null
            && TrunkHunt.IsWorthAnother(status) && DialNextTrunk();
    }

    private Caller CallerOutside(Trunk trunk)
    {
        var user = _services.Directory.Current?.FindUser(_plan.Domain, _plan.User);
        var caller = CallerPolicy.Choose(trunk, _plan.Inbound?.Caller, _plan.CallerId, user?.CallerId, _plan.User);
        return caller with { IsPrivate = caller.IsPrivate || _plan.IsPrivate };
    }

    private Diversions DiversionsOut() => _plan.Inbound is { Onward: not null } inbound
        ? inbound.Diversions.With(_plan.Destination, _plan.Domain)
        : Diversions.None;
}
