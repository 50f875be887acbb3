using System.Collections.Concurrent;
using System.Net;
using ClickToDial.Calls.Hooks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>Hooks that answer as the test says, and when it says.</summary>
internal sealed class PlayedHooks : ICallHooks
{
    public static SipFlow Connection { get; } = new(SipTransportKind.Wss, new IPEndPoint(IPAddress.Loopback, 1));

    private static readonly Task<HookRefusal?> Yes = Task.FromResult<HookRefusal?>(null);

    /// <summary>What is said to acts; all may be done unless the test changes it.</summary>
    public Func<BrowserActKind, char?, Task<HookRefusal?>> Acts { get; set; } = (_, _) => Yes;

    /// <summary>What is said to questions about numbers; all may be dialled unless the test changes it.</summary>
    public Func<DialQuestion, Task<CallAnswer>> Dials { get; set; } = question => Task.FromResult<CallAnswer>(new CallAnswer.Accepted(question.Number));

    public Func<SipFlow, BrowserSession?> Over { get; set; } = _ => null;

    /// <summary>Acts that were asked about, in their order.</summary>
    public ConcurrentQueue<(BrowserSession Browser, BrowserActKind Kind, char? Key)> Asked { get; } = new();

    /// <summary>Acts that were told of, in their order.</summary>
    public ConcurrentQueue<(BrowserSession Browser, BrowserActKind Kind, char? Key)> Told { get; } = new();

    public ConcurrentQueue<DialQuestion> Questions { get; } = new();

    public static BrowserSession SessionOf(string user, string id = "s1") =>
        new(id, "token of " + id, new BrowserIdentity(WorkerRig.Domain, user, "t1", DateTimeOffset.MaxValue)) { Flow = Connection };

    public Task<CallAnswer> MayDialAsync(DialQuestion question)
    {
        Questions.Enqueue(question);
        return Dials(question);
    }

    public Task<HookRefusal?> MayAsync(BrowserSession browser, CallId call, BrowserActKind kind, char? key = null)
    {
        Asked.Enqueue((browser, kind, key));
        return Acts(kind, key);
    }

    public void Tell(BrowserSession browser, CallId call, BrowserActKind kind, char? key = null) => Told.Enqueue((browser, kind, key));

    public BrowserSession? BrowserOver(SipFlow flow) => Over(flow);
}
