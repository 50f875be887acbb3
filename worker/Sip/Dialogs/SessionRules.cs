using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Dialogs;

/// <summary>Session timers (RFC 4028): what we ask for and what we put up with.</summary>
public sealed record SessionTimerOptions
{
    public const uint DefaultMinimumSeconds = 90;

    // RFC 4028 section 4: nobody may say less than 90. Whoever does would have us refresh without pause, and give up at once.
    internal uint Floor => Math.Min(MinimumSeconds, DefaultMinimumSeconds);

    /// <summary>How long a session lives without a refresh, where the peer does not ask for less. Seconds, default 1800.</summary>
    public uint IntervalSeconds { get; init; } = 1800;

    /// <summary>The least we take; who asks for less gets 422. Seconds, default 90, the least RFC 4028 allows.</summary>
    public uint MinimumSeconds { get; init; } = DefaultMinimumSeconds;
}

/// <summary>What holds in a dialog.</summary>
/// <param name="Seconds">How long the session lives without a refresh.</param>
/// <param name="WeRefresh">We are to keep it alive; else the peer is.</param>
public readonly record struct SessionInterval(uint Seconds, bool WeRefresh)
{
    /// <summary>When who keeps it alive does so: in the middle (RFC 4028 section 10).</summary>
    public TimeSpan RefreshAfter => TimeSpan.FromSeconds(Seconds / 2.0);

    /// <summary>When it is given up without a refresh: a third before the end, but at most 32 s (section 10).</summary>
    public TimeSpan GiveUpAfter => TimeSpan.FromSeconds(Seconds - Math.Min(32, Seconds / 3.0));
}

/// <summary>The answers of RFC 4028 to what peers say of session timers. Pure.</summary>
public static class SessionRules
{
    /// <summary>As UAS (section 9): true when the request asks for too little and its sender knows what 422 means.</summary>
    public static bool IsTooSmall(SessionExpires? asked, bool peerSupports, SessionTimerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return peerSupports && asked is { } value && value.Seconds < options.MinimumSeconds;
    }

    /// <summary>As UAS (section 9): the header of our success. It may shorten what was asked for, never below the peer's minimum.</summary>
    /// <param name="asked">Null when the request has no Session-Expires.</param>
    /// <param name="minimum">Min-SE of the request.</param>
    /// <param name="peerSupports">The request's Supported has <c>timer</c>; else only we can refresh (table 2).</param>
    public static SessionExpires Grant(SessionExpires? asked, uint? minimum, bool peerSupports, SessionTimerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ours = Math.Max(options.IntervalSeconds, minimum ?? 0);
        var seconds = asked is { } value ? Math.Clamp(value.Seconds, options.Floor, Math.Max(ours, options.Floor)) : ours;
        return new SessionExpires(seconds, peerSupports ? asked?.Refresher ?? SessionRefresher.Uac : SessionRefresher.Uas);
    }

    /// <summary>As UAC (section 7.2): what holds after a success. A peer that says nothing of it is refreshed by us.</summary>
    public static SessionInterval Agree(SessionExpires? granted, uint requested, SessionTimerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return granted is { } value
            ? new SessionInterval(Math.Max(value.Seconds, options.Floor), value.Refresher != SessionRefresher.Uas)
            : new SessionInterval(requested, WeRefresh: true);
    }

    /// <summary>As UAC: what a refresh within the dialog asks for, the roles staying as they are (section 7.4).</summary>
    public static SessionExpires Keep(SessionInterval held) =>
        new(held.Seconds, held.WeRefresh ? SessionRefresher.Uac : SessionRefresher.Uas);

    /// <summary>As UAC: what is asked for after 422 (section 7.3); null when the answer does not say, or asks for no more than we did.</summary>
    public static uint? AfterRefusal(uint asked, uint? minimum) => minimum is { } least && least > asked ? least : null;
}
