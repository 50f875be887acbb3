using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// One side gives its place to somebody else. The other side stays in its dialog: the target's leg is joined to it, and only
/// then the transferor is let go.
/// </summary>
internal sealed partial class Call
{
    private const int NoSuchDialog = 481;
    private const int Declined = 603;

    // Of all the legs a call ever had; what is told of a call has to fit one event.
    private const int MostLegs = 40;

    private readonly Deadline _targetDeadline;
    private Transfer? _transfer;
    private Side? _outOfTune;

    private static HangUpReason Transferred => new(200, CallReasons.Transferred);

    private ValueTask<OrderVerdict> TransferAsync(CallOrder.Transfer order)
    {
        if (FindSide(order.Leg ?? UserRole) is not { } side) return new(OrderVerdict.NoSuchLeg);
        // The same again, under another command id or none: it is under way.
        if (_transfer is { } now && now.Transferor == side && now.To == order.To) return new(OrderVerdict.Done);
        var transfer = new Transfer(side) { To = order.To, RingTimeout = order.RingTimeout, CallerId = order.CallerId, MaxDuration = order.MaxDuration };
        return BeginAsync(transfer, TalkInput.TransferBegins, order.Drop);
    }

    private async ValueTask<OrderVerdict> BeginAsync(Transfer transfer, TalkInput input, bool drop = false)
    {
        if (Obstacle(transfer) is { } obstacle) return obstacle;
        _transfer = transfer;
        await TalkAsync(transfer.Transferor, input);
        if (drop && _transfer == transfer) await DropAsync(transfer);
        return OrderVerdict.Done;
    }

    // Why it cannot begin; null when it can.
    private OrderVerdict? Obstacle(Transfer transfer)
    {
        if (_transfer is not null) return OrderVerdict.TransferUnderWay;
        if (_phase != CallPhase.Talking) return OrderVerdict.NotReady;
        if (Other(transfer.Transferor) is not { Audio.Agreement: not null, Leg.IsOver: false }) return OrderVerdict.NotSupported;
        if (_legs.Count >= MostLegs) return OrderVerdict.NotSupported;
        return transfer.To is { } to && !CanReach(to) ? OrderVerdict.TargetUnreachable : null;
    }

    private bool CanReach(string to) => _services.Directory.Current?.RouteTo(_plan.Domain, to) switch
    {
        Directory.Route.ToUser user => _services.Legs.CanReach(_plan.Domain, user.User.Name),
        Directory.Route.ToTest or Directory.Route.ToTrunk => true,
        _ => false,
    };

    // The transferor is let go before the target has answered.
    private async ValueTask DropAsync(Transfer transfer)
    {
        transfer.Leg.Reason = CallReasons.Transferred;
        transfer.Leg.EndedAt = Now;
        transfer.Leg.End(0, Transferred);
        await TalkAsync(transfer.Transferor, TalkInput.Leaves);
    }

    // Rings the target. The fetching of a leg is asked for by who begins it.
    private void SeekTarget()
    {
        if (_transfer is not { To: { } to } transfer) return;
        _services.Clock.Arm(_targetDeadline, transfer.RingTimeout, default);
        var legs = LegsTo(to, transfer);
        if (legs.Count == 0) Ask(CallRequest.TargetFailed.Instance);
        foreach (var leg in legs) AddTarget(transfer, leg);
    }

    private void AddTarget(Transfer transfer, Leg leg)
    {
        leg.Replaces = transfer.Leg.Id;
        transfer.Targets.Add(leg);
        _legs.Add(leg);
        leg.Start();
    }

    private IReadOnlyList<Leg> LegsTo(string to, Transfer transfer)
    {
        var route = _services.Directory.Current?.RouteTo(_plan.Domain, to);
        var role = transfer.Transferor.Role;
        if (route is Directory.Route.ToTest test) return [new TestLeg(NextId(), this, test.Number, role)];
        var stays = Other(transfer.Transferor);
        if ((transfer.Audio = OpenAudio(stays.Audio)) is not { } audio) return [];
        switch (route)
        {
            case Directory.Route.ToUser user:
                var offer = audio.FirstOffer(stays.Audio!.CodecsToDial());
                return _services.Legs.ToDevices(this, role, _plan.Domain, user.User.Name, CallerStaying(stays, transfer), offer, _legs.Count + 1);
            case Directory.Route.ToTrunk trunk:
                transfer.Hunt = HuntFor(trunk.Trunks);
                return NextTrunkTarget(transfer) is { } leg ? [leg] : [];
            default:
                return [];
        }
    }

    private Leg? NextTrunkTarget(Transfer transfer) => NextTrunkLeg(
        transfer.Hunt, transfer.Audio!.FirstOffer, Other(transfer.Transferor).Audio!.CodecsToDial(), transfer.To!, Diversions.None, transfer.Transferor.Role,
        transfer.CallerId is { } shown && OriginateGuard.IsDestination(shown) ? shown : null);

    // The target sees whom it will talk to.
    private Caller CallerStaying(Side stays, Transfer transfer)
    {
        var caller = stays == _first ? CallerInside() : new Caller(_plan.Inbound is null ? _plan.Shown : _plan.User, DisplayName: null);
        return caller with { ReferredBy = transfer.Referral?.ReferredBy };
    }

    private async ValueTask FailTransferAsync(Transfer transfer, int status, string? why = null)
    {
        var reason = why ?? CallEndings.OfDestination(status).Reason;
        await EndTargetsAsync(transfer, new HangUpReason(status == 0 ? 503 : status, reason));
        EndTransfer(transfer, status == 0 ? 503 : status);
        if (transfer.Audio is { } audio) await audio.CloseAsync();
        await _record.TellAsync(CallEventType.CallTransferFailed, Now, transfer.Leg, transfer.Summary(status == 0 ? null : status, reason));
        var step = await StepTalkAsync(transfer.Transferor, TalkInput.TargetFails);
        if (step.Do.HasFlag(TalkActions.End)) await StepAsync(transfer.Transferor == _first ? CallInput.UserHungUp : CallInput.DestinationHungUp, transfer.Leg);
    }

    private void EndTransfer(Transfer transfer, int status)
    {
        _services.Clock.Disarm(_targetDeadline);
        transfer.Referral?.Progress(status);
        _transfer = null;
    }

    private async ValueTask EndTargetsAsync(Transfer transfer, HangUpReason reason)
    {
        foreach (var leg in transfer.Targets)
        {
            if (leg == transfer.Winner || leg.IsOver) continue;
            leg.Reason = reason.Text;
            leg.End(0, reason);
            await OverAsync(leg);
        }
    }

    // The winner stands where the transferor stood.
    private async ValueTask ReplaceAsync()
    {
        var transfer = _transfer!;
        var (side, gone) = (transfer.Transferor, transfer.Leg);
        var old = side.Audio;
        _joint.Part();
        _joint = default;
        side.TakeOver(transfer.Winner!, transfer.Audio);
        side.Audio?.EndRinging();
        if (transfer.MaxDuration is { } longest) EndWithin(longest);
        if (transfer.Winner!.Redirection?.Longest is { } shorter) EndWithin(shorter);
        EndTransfer(transfer, 200);
        if (!gone.IsOver)
        {
            gone.Reason = CallReasons.Transferred;
            gone.End(0, Transferred);
        }
        if (old is not null) gone.Media = await old.CloseAsync();
        await OverAsync(gone);
        _recording?.Follow(Ends());
        _outOfTune = Other(side);
    }

    private ValueTask TellTransferredAsync(Transfer transfer) =>
        _record.TellAsync(CallEventType.CallTransferred, Now, transfer.Winner, transfer.Summary());
}
