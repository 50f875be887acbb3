using System.Globalization;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Transactions;

/// <summary>When provisional responses are sent reliably (RFC 3262).</summary>
public enum ReliablePolicy
{
    /// <summary>Where the caller requires it.</summary>
    WhenRequired,

    /// <summary>Wherever the caller can.</summary>
    WhenSupported,
}

/// <summary>
/// The provisional responses of one INVITE of the peer, one at a time (RFC 3262 section 3): each is repeated from T1 on, at
/// doubling intervals, until its PRACK comes or 64*T1 have passed. A success waits for the PRACK of a description.
/// </summary>
internal sealed class ReliableProvisionals(TransactionLayer layer, uint sequence, Action<SipResponse> send, Action<SipResponse> resend, Action lost)
    : ITimerTarget
{
    private readonly Queue<SipResponse> _waiting = new();
    private WheelTimer? _repeat;
    private WheelTimer? _limit;
    private uint _sequence = sequence;
    private SipResponse? _open;
    private SipResponse? _success;

    /// <summary>One has left and its PRACK has not come, and may still.</summary>
    public bool IsOpen => _open is not null;

    /// <summary>Sends the response, or keeps it until its predecessor was acknowledged.</summary>
    public void Give(SipResponse response)
    {
        if (_open is null) Send(response);
        else _waiting.Enqueue(response);
    }

    /// <summary>True when the success has to wait; it is sent by itself later.</summary>
    public bool HoldsBack(SipResponse success)
    {
        if (_open is not { Body.IsEmpty: false } && !_waiting.Any(response => !response.Body.IsEmpty)) return false;
        _success = success;
        return true;
    }

    /// <summary>The response that the PRACK is for, or null when nothing waits for it.</summary>
    public SipResponse? Acknowledge(uint response)
    {
        if (_open is not { } acknowledged || response != _sequence) return null;
        Cancel();
        _open = null;
        _sequence++;
        return acknowledged;
    }

    /// <summary>After the PRACK was answered: whatever has waited for it.</summary>
    public void Continue()
    {
        if (_open is not null) return;
        if (_success is { } success && !_waiting.Any(response => !response.Body.IsEmpty))
        {
            Stop();
            send(success);
        }
        else if (_waiting.TryDequeue(out var next)) Send(next);
    }

    /// <summary>
    /// A success leaves: nothing more is repeated or given, but the PRACK may have crossed it and is still answered (RFC 3262
    /// section 3).
    /// </summary>
    public void Succeed()
    {
        Cancel();
        _waiting.Clear();
    }

    public void Stop()
    {
        Cancel();
        _waiting.Clear();
        _open = _success = null;
    }

    public void OnTimer(WheelTimer timer)
    {
        if (timer == _limit)
        {
            Stop();
            lost();
            return;
        }
        layer.Loop.Arm(timer, timer.Interval * 2);
        resend(_open!);
    }

    private void Send(SipResponse response)
    {
        response.Headers.Add(HeaderName.Require, "100rel").Add(HeaderName.RSeq, _sequence.ToString(CultureInfo.InvariantCulture));
        _open = response;
        layer.Loop.Arm(_repeat ??= new WheelTimer(this, 'P'), layer.Timers.T1);
        layer.Loop.Arm(_limit ??= new WheelTimer(this, 'Q'), layer.Timers.Lifetime);
        send(response);
    }

    private void Cancel()
    {
        layer.Loop.Timers.Cancel(_repeat);
        layer.Loop.Timers.Cancel(_limit);
    }
}
