using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>What a browser does within the call, which its domain's back end may stop (F2).</summary>
internal sealed partial class Call
{
    /// <summary>Goes on at once where nobody is asked; else when the answer has come back through the mailbox.</summary>
    /// <param name="late">What is still to be done when the call is over by then.</param>
    private ValueTask WhenAllowedAsync(Leg leg, BrowserActKind kind, char? key, Func<ValueTask> allowed, Func<HookRefusal, ValueTask> refused, Action? late = null)
    {
        if (leg.Browser is not { } browser) return allowed();
        var asked = _services.Hooks.MayAsync(browser, Id, kind, key);
        if (asked.IsCompletedSuccessfully) return asked.Result is { } why ? refused(why) : allowed();
        _ = asked.ContinueWith(
            answer => Ask(new CallRequest.ActDecided(() => answer.Result is { } why ? refused(why) : allowed(), late ?? (() => { }))), TaskScheduler.Default);
        return ValueTask.CompletedTask;
    }

    private void TellOfAct(Leg? leg, BrowserActKind kind, char? key = null)
    {
        if (leg?.Browser is { } browser) _ = _services.Hooks.MayAsync(browser, Id, kind, key);
    }

    private ValueTask AskedToReofferAsync(Leg leg, IReoffer request) => ActOf(leg, request) is { } act
        ? WhenAllowedAsync(
            leg, act, key: null,
            () => TakeReofferAsync(leg, request),
            why =>
            {
                request.Refuse(why.Status);
                return ValueTask.CompletedTask;
            },
            () => request.Refuse(NoSuchDialog))
        : TakeReofferAsync(leg, request);

    private ValueTask AskedToAnswerAsync(Leg leg, LegNews.Answered answered) => WhenAllowedAsync(
        leg, BrowserActKind.Answer, key: null,
        () => leg.IsOver ? ValueTask.CompletedTask : AnsweredAsync(leg, answered),
        why =>
        {
            if (leg.IsOver) return ValueTask.CompletedTask;
            leg.End(0, new HangUpReason(why.Status, why.Slug));
            return FailedAsync(leg, why.Status);
        });

    private ValueTask AskedForDigitAsync(Leg leg, LegNews.Digit digit) => WhenAllowedAsync(
        leg, BrowserActKind.SendDtmf, digit.Key, () => DigitAsync(SideOf(leg), digit), _ => ValueTask.CompletedTask);

    // RFC 3264 section 8.4: who no longer wants to hear holds. An offer that changes nothing of that is no act.
    private BrowserActKind? ActOf(Leg leg, IReoffer request)
    {
        if (leg.Browser is null || _phase != CallPhase.Talking || request.Offer.IsEmpty || IsDisplaced(leg)) return null;
        if (SessionDescription.TryParse(request.Offer.Span, out var offer) != SdpVerdict.Ok || offer!.Media is not [var audio, ..]) return null;
        var holds = (audio.Direction ?? offer.Direction ?? MediaDirection.SendRecv) is MediaDirection.SendOnly or MediaDirection.Inactive;
        if (holds == SideOf(leg).IsHoldingBySignal) return null;
        return holds ? BrowserActKind.Hold : BrowserActKind.Unhold;
    }
}
