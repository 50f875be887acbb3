using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>What a browser does within the call, which its domain's back end may stop (F2).</summary>
internal sealed partial class Call
{
    // As many acts of one leg as may wait for their answer: more keys than anybody presses meanwhile.
    private const int MostActs = 16;

    /// <summary>
    /// Goes on at once where nobody is asked; else when the answer has come back through the mailbox. A leg's acts are asked about one after
    /// the other, so that they come about in their order.
    /// </summary>
    /// <param name="late">What is still to be done when the call is over by then.</param>
    private ValueTask WhenAllowedAsync(Leg leg, BrowserActKind kind, char? key, Func<ValueTask> allowed, Func<HookRefusal, ValueTask> refused, Action? late = null)
    {
        if (BrowserOf(leg) is not { } browser) return allowed();
        if (leg.ActsAsked >= MostActs) return refused(new HookRefusal(503, "too-many-acts"));
        Task<HookRefusal?>? first = null;
        if (leg.ActsAsked == 0)
        {
            first = _services.Hooks.MayAsync(browser, Id, kind, key);
            if (first.IsCompletedSuccessfully) return first.Result is { } why ? refused(why) : allowed();
        }
        leg.ActsAsked++;
        leg.LastAct = AskAsync(leg.LastAct);
        return ValueTask.CompletedTask;

        async Task AskAsync(Task before)
        {
            await before;
            var no = await (first ?? _services.Hooks.MayAsync(browser, Id, kind, key));
            Ask(new CallRequest.ActDecided(Decided, late ?? (() => { })));

            ValueTask Decided()
            {
                leg.ActsAsked--;
                return no is null ? allowed() : refused(no);
            }
        }
    }

    private void TellOfAct(Leg? leg, BrowserActKind kind, char? key = null)
    {
        if (leg is not null && BrowserOf(leg) is { } browser) _services.Hooks.Tell(browser, Id, kind, key);
    }

    // Under its present token: what it was let in by before is over. As long as it is the same user's.
    private BrowserSession? BrowserOf(Leg leg)
    {
        if (leg.Browser is not { Flow: { } flow } browser) return leg.Browser;
        return _services.Hooks.BrowserOver(flow) is { } now && now.Identity.User == browser.Identity.User && now.Identity.Domain == browser.Identity.Domain
            ? now
            : browser;
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

    private ValueTask TargetAskedToAnswerAsync(Transfer transfer, Leg leg, LegNews.Answered answered) => WhenAllowedAsync(
        leg, BrowserActKind.Answer, key: null,
        () => leg.IsOver ? ValueTask.CompletedTask
            : answered.Settled && leg == transfer.Early ? TakeTargetAsync(transfer, leg)
            : TargetAnsweredAsync(transfer, leg, answered.Answer),
        why => leg.IsOver ? ValueTask.CompletedTask : TargetFailedAsync(transfer, leg, why.Status));

    // It answers by calling.
    private ValueTask AskedToTakePlaceAsync(CallRequest.TakePlace request) => WhenAllowedAsync(
        request.Comer, BrowserActKind.Answer, key: null,
        () => request.Comer.IsOver ? ValueTask.CompletedTask : TakePlaceAsync(request),
        why =>
        {
            request.Comer.End(why.Status, new HangUpReason(why.Status, why.Slug));
            return ValueTask.CompletedTask;
        },
        request.Refuse);

    private ValueTask AskedForDigitAsync(Leg leg, LegNews.Digit digit) => WhenAllowedAsync(
        leg, BrowserActKind.SendDtmf, digit.Key,
        () => leg.IsOver || IsDisplaced(leg) ? ValueTask.CompletedTask : DigitAsync(SideOf(leg), digit),
        _ => ValueTask.CompletedTask);

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
