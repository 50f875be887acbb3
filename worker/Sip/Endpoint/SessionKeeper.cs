using System.Globalization;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Sip.Endpoint;

/// <summary>
/// Session timers of all dialogs (RFC 4028): writes the headers, refuses what is too small, and keeps the time. Lives on the
/// stack loop.
/// </summary>
internal sealed class SessionKeeper(SessionTimerOptions options, StackLoop loop)
{
    private const string Extension = "timer";

    /// <summary>Before an INVITE or an UPDATE of ours leaves for the first time.</summary>
    public void Prepare(SipRequest request, Dialog? dialog)
    {
        if (!IsRefresh(request.Method) || request.Headers.Contains(HeaderName.SessionExpires)) return;
        var asked = dialog?.Session is { } timer ? SessionRules.Keep(timer.Held) : new SessionExpires(options.IntervalSeconds, null);
        request.Headers.Add(HeaderName.SessionExpires, asked.ToString());
        if (!request.Headers.HasToken(HeaderName.Supported, Extension)) request.Headers.Add(HeaderName.Supported, Extension);
        if (options.MinimumSeconds != SessionTimerOptions.DefaultMinimumSeconds) SetMinimum(request, options.MinimumSeconds);
    }

    /// <summary>The same request for longer, after 422 (section 7.3); null when that would lead nowhere.</summary>
    public static SipRequest? Longer(SipRequest request, SipResponse refusal)
    {
        if (!SessionExpires.TryRead(request.Headers, out var asked)) return null;
        if (SessionRules.AfterRefusal(asked.Seconds, SessionExpires.ReadMinimum(refusal.Headers)) is not { } seconds) return null;
        var again = request.Clone();
        again.Headers.Set(HeaderName.SessionExpires, (asked with { Seconds = seconds }).ToString());
        SetMinimum(again, seconds);
        return again;
    }

    /// <summary>422 for an INVITE or UPDATE that asks for too little; null when it does not.</summary>
    public SipResponse? Refusal(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (!IsRefresh(request.Method) || !SessionRules.IsTooSmall(Asked(request), Supports(request), options)) return null;
        var response = transaction.CreateResponse(422);
        response.Headers.Add(HeaderName.MinSE, options.MinimumSeconds.ToString(CultureInfo.InvariantCulture));
        return response;
    }

    /// <summary>Our success to an INVITE or UPDATE, before it leaves.</summary>
    public void Answer(Dialog dialog, SipRequest request, SipResponse response)
    {
        if (!IsRefresh(request.Method) || !response.IsSuccess) return;
        var granted = SessionRules.Grant(Asked(request), SessionExpires.ReadMinimum(request.Headers), Supports(request), options);
        response.Headers.Set(HeaderName.SessionExpires, granted.ToString());
        // Section 9: who has to refresh must not be left in doubt about it.
        if (granted.Refresher == SessionRefresher.Uac) response.Headers.Add(HeaderName.Require, Extension);
        Hold(dialog, new SessionInterval(granted.Seconds, granted.Refresher == SessionRefresher.Uas));
    }

    /// <summary>The peer's success to an INVITE or UPDATE of ours.</summary>
    public void OnSuccess(Dialog dialog, SipRequest request, SipResponse response)
    {
        if (!IsRefresh(request.Method) || !SessionExpires.TryRead(request.Headers, out var asked)) return;
        Hold(dialog, SessionRules.Agree(SessionExpires.TryRead(response.Headers, out var granted) ? granted : null, asked.Seconds, options));
    }

    private static bool IsRefresh(SipMethod method) => method == SipMethod.Invite || method == SipMethod.Update;

    private static bool Supports(SipRequest request) => request.Headers.HasToken(HeaderName.Supported, Extension);

    private static SessionExpires? Asked(SipRequest request) => SessionExpires.TryRead(request.Headers, out var asked) ? asked : null;

    private static void SetMinimum(SipRequest request, uint seconds) =>
        request.Headers.Set(HeaderName.MinSE, seconds.ToString(CultureInfo.InvariantCulture));

    private void Hold(Dialog dialog, SessionInterval interval)
    {
        if (dialog.State != DialogState.Terminated) (dialog.Session ??= new SessionTimer(dialog, loop)).Hold(interval);
    }
}

/// <summary>The clock of one session.</summary>
internal sealed class SessionTimer : ITimerTarget
{
    private readonly Dialog _dialog;
    private readonly StackLoop _loop;
    private readonly WheelTimer _refresh;
    private readonly WheelTimer _expiry;

    public SessionTimer(Dialog dialog, StackLoop loop)
    {
        _dialog = dialog;
        _loop = loop;
        _refresh = new WheelTimer(this, 'R');
        _expiry = new WheelTimer(this, 'X');
    }

    public SessionInterval Held { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Hold(SessionInterval interval)
    {
        Held = interval;
        _loop.Arm(_expiry, interval.GiveUpAfter);
        if (interval.WeRefresh) _loop.Arm(_refresh, interval.RefreshAfter);
        else _loop.Timers.Cancel(_refresh);
    }

    /// <summary>Asks for the refresh once more, unless the session ends before.</summary>
    public void Again(TimeSpan after) => _loop.Do(() =>
    {
        if (_expiry.IsArmed) _loop.Arm(_refresh, after);
    });

    public void Stop() => _loop.Do(() =>
    {
        _loop.Timers.Cancel(_refresh);
        _loop.Timers.Cancel(_expiry);
    });

    public void OnTimer(WheelTimer timer)
    {
        if (_dialog.State == DialogState.Terminated) return;
        if (timer == _refresh)
        {
            _dialog.User?.OnSessionDue(_dialog);
            return;
        }
        _loop.Timers.Cancel(_refresh);
        _dialog.User?.OnSessionExpired(_dialog);
    }
}
