using ClickToDial.Calls.Control;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// How a leg comes in out of another call, which then is over. Calls ask each other by their mailboxes; each tells its own events.
/// </summary>
internal sealed partial class Call
{
    // Between two loops of this process, and then a re-INVITE.
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(15);

    private CallId? _goneTo;

    private async ValueTask<OrderVerdict> JoinAsync(CallOrder.Join order, Call? other)
    {
        if (FindSide(order.Leg ?? UserRole) is not { } side) return OrderVerdict.NoSuchLeg;
        if (_transfer is { } now && now.Transferor == side && now.OtherCall == order.WithCall) return OrderVerdict.Done;
        if (other is null || other == this || other.Domain != Domain) return OrderVerdict.TargetUnreachable;
        var transfer = new Transfer(side) { OtherCall = other.Id };
        var verdict = await BeginAsync(transfer, TalkInput.JoinBegins);
        if (verdict == OrderVerdict.Done) Fetch(transfer, other, leaving: null, order.WithLeg ?? UserRole);
        return verdict;
    }

    private void Fetch(Transfer transfer, Call other, Leg? leaving, string? name)
    {
        _services.Clock.Arm(_targetDeadline, FetchLimit, default);
        transfer.OtherCall = other.Id;
        other.Ask(new CallRequest.GiveLeg(this, transfer, leaving, name));
    }

    // The leg is not ended but goes on elsewhere; all else here is.
    private async ValueTask GiveLegAsync(CallRequest.GiveLeg request)
    {
        var side = request.Leaving is { } leaving ? SideOf(leaving) : FindSide(request.Name!);
        if (_phase != CallPhase.Talking || _transfer is not null || side is null || (request.Leaving is { } there && side.Leg != there)
            || Other(side).Leg is not SipLeg { IsOver: false } given)
        {
            request.Refuse();
            return;
        }
        var sound = Other(side).Audio;
        var letGo = new GivenLeg(given, sound?.Established ?? Media.Srtp.SrtpUse.None, given.Place, sound?.GiveBrowser());
        given.Place = null;
        given.Reason = CallReasons.Transferred;
        given.EndedAt = Now;
        _goneTo = request.Asker.Id;
        await StepAsync(CallInput.Impossible, why: new CallOutcome(CallResult.Answered, CallReasons.Transferred));
        request.Asker.Ask(new CallRequest.LegGiven(request.Transfer, letGo));
    }

    private async ValueTask TakeLegAsync(CallRequest.LegGiven given)
    {
        if (_phase != CallPhase.Talking || _transfer != given.Transfer) given.Refuse();
        else if (OpenAudio(Other(given.Transfer.Transferor).Audio) is not { } audio)
        {
            given.Refuse();
            await FailTransferAsync(given.Transfer, 503);
        }
        else
        {
            var transfer = given.Transfer;
            transfer.Audio = audio;
            if (given.Given.Browser is { } browser) audio.TakeBrowser(browser);
            var offer = audio.FirstOffer(Other(transfer.Transferor).Audio!.CodecsToDial());
            AddTarget(transfer, _services.Legs.Adopt(this, transfer.Transferor.Role, given.Given, offer, _legs.Count + 1));
        }
    }
}
