using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

/// <summary>Asks for calls: the functions for phones, and for browsers whoever decides for them.</summary>
internal sealed class CallHooks(PhoneGuard phones, IBrowserHooks browsers, BrowserGate gate, TimeSpan limit, TimeProvider time, ILogger<CallHooks> logger) : ICallHooks
{
    public BrowserSession? BrowserOver(SipFlow flow) => gate.SessionOver(flow);

    public Task<HookRefusal?> MayAsync(BrowserSession browser, CallId call, BrowserActKind kind, char? key = null) =>
        ActAsync(new BrowserAct(browser.Identity, browser.Id, call.Value, kind, key?.ToString()));

    private async Task<HookRefusal?> ActAsync(BrowserAct act)
    {
        using var stop = new CancellationTokenSource(limit, time);
        try
        {
            return await browsers.ActAsync(act, stop.Token).WaitAsync(stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            HookLog.HookFailed(logger, e);
            return new HookRefusal(503, "hook-failed");
        }
    }

    public void Tell(BrowserSession browser, CallId call, BrowserActKind kind, char? key = null) =>
        _ = ActAsync(new BrowserAct(browser.Identity, browser.Id, call.Value, kind, key?.ToString()) { IsDone = true });

    public async Task<CallAnswer> MayDialAsync(DialQuestion question)
    {
        if (question.Browser is { } browser && browser.Identity.ExpiresAt <= time.GetUtcNow()) return new CallAnswer.Refused(new HookRefusal(401, "token-expired"));
        try
        {
            if (question.Browser is not { } session) return await phones.AskAsync(question);
            using var stop = new CancellationTokenSource(limit, time);
            var call = new BrowserCall(session.Identity, session.Id, question.Call.Value, question.Number) { Attempt = question.Attempt };
            return await browsers.TransferAsync(call, stop.Token).WaitAsync(stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            HookLog.HookFailed(logger, e);
            return new CallAnswer.Refused(new HookRefusal(503, "hook-failed"));
        }
    }
}
