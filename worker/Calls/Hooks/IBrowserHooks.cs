using System.Net;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// Port: who decides what a browser may do. The worker asks before it acts, and tells what came of it. Every question has a
/// deadline, given by the token; an answer that throws or comes too late refuses with 503 (F2, F3, F4).
/// </summary>
public interface IBrowserHooks
{
    /// <summary>A browser presents a session token, at its first registration or call over a connection, and with every new token.</summary>
    Task<ConnectAnswer> ConnectAsync(BrowserConnect connect, CancellationToken stop);

    /// <summary>A browser that was let in wants to call. What the answer says counts, not what the browser said.</summary>
    Task<CallAnswer> CallAsync(BrowserCall call, CancellationToken stop);

    /// <summary>A browser wants a call that it is in to go to somebody else, whom <see cref="BrowserCall.Destination"/> names.</summary>
    Task<CallAnswer> TransferAsync(BrowserCall call, CancellationToken stop);

    /// <summary>A browser wants to do something within a call of its own. Completes at once where nobody could stop it.</summary>
    /// <returns>Null when it may.</returns>
    Task<HookRefusal?> ActAsync(BrowserAct act, CancellationToken stop);

    /// <summary>Something happened. Returns at once and never throws; nobody waits for what comes of it.</summary>
    void Notify(BrowserEvent news);
}

/// <summary>What a browser shows of itself.</summary>
/// <param name="SessionId">Ours, the same for all that one token is used for over one connection.</param>
/// <param name="Token">The session token as it was presented; not checked yet. Never logged.</param>
/// <param name="Origin">Of the page, from the upgrade of its WebSocket (RFC 6454); null for a client that is no browser.</param>
/// <param name="Source">Where it comes from as this machine sees it.</param>
/// <param name="UserAgent">What it calls itself, or null.</param>
public sealed record BrowserConnect(string SessionId, string Token, string? Origin, IPEndPoint Source, string? UserAgent = null)
{
    public override string ToString() => $"{SessionId} from {Source}";
}

/// <summary>Who a browser acts for, and until when.</summary>
/// <param name="Domain">Lower case.</param>
/// <param name="User">Within the domain; the browser becomes one of this user's devices.</param>
/// <param name="TokenId">The token's <c>jti</c>: calls are counted by it.</param>
/// <param name="ExpiresAt">After that nothing new may begin under this token; calls under way go on.</param>
/// <param name="Calls">How many calls the token is good for, ever.</param>
/// <param name="Destinations">Numbers, names or number prefixes ending in <c>*</c> that may be called; null for all.</param>
/// <param name="DisplayName">Shown beside the number to devices of the domain, or null.</param>
public sealed record BrowserIdentity(
    string Domain,
    string User,
    string TokenId,
    DateTimeOffset ExpiresAt,
    int Calls = 1,
    IReadOnlyList<string>? Destinations = null,
    string? DisplayName = null);

/// <summary>Why something is refused.</summary>
/// <param name="Status">A final SIP response, 400 to 699.</param>
/// <param name="Slug">A stable word, such as <c>token-expired</c>; told to the browser, and a label of metrics.</param>
public sealed record HookRefusal(int Status, string Slug);

/// <summary>The answer to <see cref="IBrowserHooks.ConnectAsync"/>.</summary>
public abstract record ConnectAnswer
{
    private ConnectAnswer()
    {
    }

    public sealed record Accepted(BrowserIdentity Identity) : ConnectAnswer;

    public sealed record Refused(HookRefusal Why) : ConnectAnswer;
}

/// <summary>A call that a browser wants to make.</summary>
/// <param name="CallId">Of the call, as events name it.</param>
/// <param name="Destination">The user part of the Request-URI: what the page asked for.</param>
/// <param name="HasVideo">Its offer has video, which is declined.</param>
/// <param name="Headers">Headers of its INVITE whose names begin with <c>X-</c>, at most 16: told to back ends, and passed on by their word only.</param>
public sealed record BrowserCall(
    BrowserIdentity Identity,
    string SessionId,
    string CallId,
    string Destination,
    bool HasVideo = false,
    IReadOnlyDictionary<string, string>? Headers = null)
{
    /// <summary>1 for the call itself; what is dialled in the course of it has numbers of its own.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>
    /// It takes a place in a call that there is (RFC 3891), which is one of the token's calls but dials nothing: the destination is the user's own name.
    /// </summary>
    public bool TakesPlace { get; init; }
}

/// <summary>The answer to <see cref="IBrowserHooks.CallAsync"/>.</summary>
public abstract record CallAnswer
{
    private CallAnswer()
    {
    }

    /// <param name="Callee">Who is called instead or after all: an E.164 number with "+", a user name or a test number. The browser is never told.</param>
    /// <param name="CallerId">An E.164 number shown to the far end; null for what the user has.</param>
    /// <param name="MaxDuration">The longest talk; null for what the domain says. The shorter of both counts.</param>
    public sealed record Accepted(string Callee, string? CallerId = null, TimeSpan? MaxDuration = null) : CallAnswer
    {
        /// <summary>Added to the INVITE to the callee: names that begin with <c>X-</c> and values that are safe on the wire; null for none.</summary>
        public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }
    }

    public sealed record Refused(HookRefusal Why) : CallAnswer;
}

/// <summary>What a <see cref="BrowserAct"/> is.</summary>
public enum BrowserActKind
{
    /// <summary>It has answered a call that rings.</summary>
    Answer,

    Hold,

    Unhold,

    /// <summary>Told of only: nobody is kept in a call.</summary>
    HangUp,

    /// <summary>A key. One pressed as part of the sound (RFC 4733) is told of only: it has been heard already.</summary>
    SendDtmf,
}

/// <summary>Something that a browser does within a call.</summary>
/// <param name="SessionId">As in <see cref="BrowserConnect"/>.</param>
/// <param name="CallId">Of the call, as events name it.</param>
/// <param name="Dtmf">The key; null for what is no key.</param>
public sealed record BrowserAct(BrowserIdentity Identity, string SessionId, string CallId, BrowserActKind Kind, string? Dtmf = null)
{
    /// <summary>It has come about already, so that it is told of only.</summary>
    public bool IsDone { get; init; }
}

/// <summary>What a <see cref="BrowserEvent"/> tells of.</summary>
public enum BrowserEventKind
{
    /// <summary>A token was accepted over a new connection.</summary>
    Connected,

    /// <summary>A token was refused; <see cref="BrowserEvent.Reason"/> is the slug.</summary>
    ConnectRefused,

    /// <summary>The connection of a browser is gone; its calls may go on.</summary>
    Disconnected,

    Registered,

    Unregistered,

    /// <summary>A call of the browser's was let through and begins.</summary>
    CallTrying,

    /// <summary>It was refused before it began; <see cref="BrowserEvent.Reason"/> is the slug.</summary>
    CallRefused,

    /// <summary>It is over, whatever came of it; <see cref="BrowserEvent.Reason"/> is the reason of its last event.</summary>
    CallFinished,
}

/// <summary>News about a browser. Members that do not apply are null.</summary>
/// <param name="SessionId">As in <see cref="BrowserConnect"/>.</param>
public sealed record BrowserEvent(
    BrowserEventKind Kind,
    string SessionId,
    DateTimeOffset At,
    string? Domain = null,
    string? User = null,
    string? CallId = null,
    string? Destination = null,
    int? SipStatus = null,
    string? Reason = null);
