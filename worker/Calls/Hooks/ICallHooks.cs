using System.Net;
using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// Port: what a call, or who is about to make one, asks before a number is dialled that no function has let through yet (B1), and before a
/// browser does something within a call (F2). Answers within the time limits of hooks, and never throws.
/// </summary>
internal interface ICallHooks
{
    /// <summary>Whether a phone of a user, or a browser, may have this dialled.</summary>
    Task<CallAnswer> MayDialAsync(DialQuestion question);

    /// <summary>Whether a browser may do something within a call: null when it may. Completes at once where nobody could stop it.</summary>
    /// <param name="key">The key that was pressed, for a key.</param>
    Task<HookRefusal?> MayAsync(BrowserSession browser, CallId call, BrowserActKind kind, char? key = null);

    /// <summary>Tells what a browser has done, which nothing could stop: a hang-up, or a key that was heard already.</summary>
    void Tell(BrowserSession browser, CallId call, BrowserActKind kind, char? key = null);

    /// <summary>The browser that was let in over that connection; null when there is none.</summary>
    BrowserSession? BrowserOver(SipFlow flow);
}

/// <summary>Something is to be dialled for a user.</summary>
/// <param name="Call">As events name it.</param>
/// <param name="Number">What was asked for; for a phone a number outside.</param>
/// <param name="From">Where who asks is; null where nobody of ours does.</param>
/// <param name="Attempt">1 for the call itself; what is dialled in the course of it has numbers of its own.</param>
internal sealed record DialQuestion(CallId Call, string Domain, string User, string Number, IPAddress? From = null, int Attempt = 1)
{
    /// <summary>Null for a phone.</summary>
    public BrowserSession? Browser { get; init; }
}
