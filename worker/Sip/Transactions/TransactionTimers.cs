namespace ClickToDial.Sip.Transactions;

/// <summary>The timer values of RFC 3261 section 17 (table 4) and RFC 6026; everything follows from T1, T2 and T4.</summary>
public sealed record TransactionTimers(TimeSpan T1, TimeSpan T2, TimeSpan T4)
{
    public static TransactionTimers Rfc3261 { get; } =
        new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));

    /// <summary>How long a transaction tries: timers B, F, H, J, L and M.</summary>
    public TimeSpan Lifetime => 64 * T1;

    /// <summary>An INVITE is answered with 100 when nothing else was said by then (section 17.2.1).</summary>
    public TimeSpan Trying { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// An INVITE whose user said nothing for that long is answered with 500; each provisional answer starts it anew. Default
    /// 3 minutes, as long as a proxy waits for one (timer C, section 16.6).
    /// </summary>
    public TimeSpan Unanswered { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Timer C (RFC 3261 section 16.6): how long a branch that has rung may say nothing more; each provisional response but 100
    /// starts it anew. More than 3 minutes.
    /// </summary>
    public TimeSpan TimerC { get; init; } = TimeSpan.FromSeconds(185);

    /// <summary>Timer D: how long a failed INVITE absorbs repeated answers; at least 32 s on UDP, nothing on streams.</summary>
    public TimeSpan TimerD(bool reliable) => reliable ? TimeSpan.Zero : Lifetime;

    /// <summary>Timer I and K: how long to absorb what is still under way; T4 on UDP, nothing on streams.</summary>
    public TimeSpan Linger(bool reliable) => reliable ? TimeSpan.Zero : T4;

    /// <summary>Timer J: 64*T1 on UDP, nothing on streams.</summary>
    public TimeSpan TimerJ(bool reliable) => reliable ? TimeSpan.Zero : Lifetime;

    /// <summary>The next interval of a retransmission that doubles up to T2.</summary>
    public TimeSpan Doubled(TimeSpan interval) => interval * 2 > T2 ? T2 : interval * 2;
}
