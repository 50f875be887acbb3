using System.Net;
using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Phones;

/// <summary>A call that a scripted phone received.</summary>
public sealed class PhoneCall : IAsyncDisposable
{
    private readonly PhoneWire _wire;
    private readonly PhoneDialog _dialog;
    private readonly PhoneMedia _media;
    private readonly SipRequest _invite;
    private readonly IPEndPoint _source;
    private readonly PhoneSettings _settings;
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private int _isDecided;
    private bool _isPickedUp;
    private int _sdpVersion;
    private Task _answering = Task.CompletedTask;

    internal PhoneCall(PhoneWire wire, SipRequest invite, IPEndPoint source, PhoneSettings settings)
    {
        (_wire, _invite, _source, _settings) = (wire, invite, source, settings);
        _dialog = new PhoneDialog(wire, invite, settings.User);
        _media = new PhoneMedia(settings.User, wire.LocalAddress.Address, settings.Hertz, settings.Codec);
        CallerNumber = invite.From.Uri.User ?? "";
        CallerName = invite.From.DisplayName;
    }

    /// <summary>What the phone shows as the caller.</summary>
    public string CallerNumber { get; }

    public string? CallerName { get; }

    public string CallId => _invite.CallId;

    /// <summary>A header of the INVITE, or null.</summary>
    public string? Header(string name) => _invite.Headers.Get(name);

    /// <summary>Key presses that came as telephone events.</summary>
    public EventLog<char> Digits => _media.Digits;

    /// <summary>Tenths of seconds of what was heard.</summary>
    public EventLog<HeardSound> Heard => _media.Heard;

    public long PacketsReceived => _media.PacketsReceived;

    public long PacketsSent => _media.PacketsSent;

    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>
    /// Decides to answer, and says nothing yet: a CANCEL that comes before <see cref="AnswerAsync"/> is too late, as one that crosses the
    /// answer on the wire. So two phones answer at once however slowly a test runs.
    /// </summary>
    /// <exception cref="InvalidOperationException">The call is answered, rejected or cancelled already.</exception>
    public void PickUp()
    {
        Decide();
        _isPickedUp = true;
    }

    /// <summary>Answers and waits until the other side has acknowledged.</summary>
    /// <exception cref="InvalidOperationException">The call is answered, rejected or cancelled already.</exception>
    public async Task AnswerAsync()
    {
        if (!_isPickedUp) Decide();
        var offer = PhoneSdp.Read(_invite.Body.Span, _settings.Codec);
        var response = _dialog.NewResponse(_invite, 200);
        response.SetBody(NewSdp("sendrecv", offer.OpusType), PhoneSdp.ContentType);
        _wire.Answer(_invite, response, _source);
        _media.Follow(offer);
        // The answer is repeated until the ACK comes (RFC 3261 section 13.3.1.4).
        _answering = RepeatAnswerAsync(response);
        await _confirmed.Task.WaitAsync(Patience.Step);
    }

    /// <summary>Refuses with a status of 300 to 699.</summary>
    public void Reject(int status)
    {
        Decide();
        _wire.Answer(_invite, _dialog.NewResponse(_invite, status), _source);
        _ended.TrySetResult(CallEnd.Rejected);
    }

    public async Task HangUpAsync()
    {
        var response = await _dialog.AskAsync(SipMethod.Bye);
        if (!response.IsSuccess) throw new InvalidOperationException($"BYE was answered with {response.Status}.");
        _ended.TrySetResult(CallEnd.HungUpHere);
    }

    /// <summary>Offers to send and receive as told (RFC 3264 section 8.4).</summary>
    /// <returns>The direction of the answer, seen from the other side.</returns>
    public async Task<string> ReinviteAsync(string direction)
    {
        var response = await _dialog.AskAsync(SipMethod.Invite, NewSdp(direction), PhoneSdp.ContentType);
        if (!response.IsSuccess) throw new InvalidOperationException($"The re-INVITE was answered with {response.Status}.");
        var answer = PhoneSdp.Read(response.Body.Span, _settings.Codec);
        _media.Follow(answer);
        return answer.Direction;
    }

    public Task HoldAsync() => ReinviteAsync("sendonly");

    public Task ResumeAsync() => ReinviteAsync("sendrecv");

    /// <summary>The phone's sound goes on from another port, unannounced, as behind a NAT that forgot it.</summary>
    public void MoveMedia() => _media.Move();

    /// <summary>Presses a key, told by telephone events in the sound (RFC 4733).</summary>
    public void Press(char digit) => _media.Press(digit);

    /// <summary>Presses a key, told by SIP INFO.</summary>
    /// <returns>The status of the answer.</returns>
    public async Task<int> PressByInfoAsync(char digit) =>
        (await _dialog.AskAsync(SipMethod.Info, Encoding.ASCII.GetBytes($"Signal={digit}\r\nDuration=160\r\n"), "application/dtmf-relay")).Status;

    /// <summary>Waits until some tenths of a second in a row are that tone.</summary>
    /// <param name="from">Only sound after the first so many tenths counts; see <see cref="Heard"/>.</param>
    public Task<HeardSound> HearsAsync(double hertz, int from = 0, int tenths = 3)
    {
        var inRow = 0;
        return Heard.WaitAsync(sound => (inRow = sound.IsMainly(hertz) ? inRow + 1 : 0) == tenths, $"{hertz} Hz", from: from);
    }

    public Task<CallEnd> EndsAsync() => _ended.Task.WaitAsync(Patience.Step);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _answering;
        await _media.DisposeAsync();
        _stop.Dispose();
    }

    internal void Ring()
    {
        var ringing = _dialog.NewResponse(_invite, 180);
        if (_settings.AnswersWhenTold) ringing.Headers.Add(HeaderName.AllowEvents, "talk");
        _wire.Send(ringing, _source);
    }

    internal bool IsOf(SipRequest request) => request.CallId == _invite.CallId;

    /// <summary>A request that belongs to this call.</summary>
    internal void Take(SipRequest request, IPEndPoint source)
    {
        if (request.Method == SipMethod.Ack) _confirmed.TrySetResult();
        else if (request.Method == SipMethod.Cancel) TakeCancel(request, source);
        else if (request.Method == SipMethod.Invite && request.To.Tag is null) RingAgain();
        else if (request.Method == SipMethod.Invite) TakeReinvite(request, source);
        else
        {
            _wire.Answer(request, _dialog.NewResponse(request, 200), source);
            if (request.Method == SipMethod.Bye) _ended.TrySetResult(CallEnd.HungUpByPeer);
            if (request.Method == SipMethod.Notify && request.Headers.Get(HeaderName.Event) == "talk" && Volatile.Read(ref _isDecided) == 0) _ = AnswerAsync();
        }
    }

    // RFC 3261 section 9.2: the CANCEL itself always gets 200; it ends only an INVITE without final response.
    private void TakeCancel(SipRequest request, IPEndPoint source)
    {
        _wire.Answer(request, _dialog.NewResponse(request, 200), source);
        if (Interlocked.Exchange(ref _isDecided, 1) != 0) return;
        _wire.Answer(_invite, _dialog.NewResponse(_invite, 487), _source);
        _ended.TrySetResult(CallEnd.Cancelled);
    }

    // A caller that heard nothing in time repeats its INVITE; it carries no tag of ours, so it is no new one. What was answered
    // for good is sent again by the wire.
    private void RingAgain()
    {
        if (Volatile.Read(ref _isDecided) == 0) Ring();
    }

    private void TakeReinvite(SipRequest request, IPEndPoint source)
    {
        if (_settings.RefusesOffers)
        {
            _wire.Answer(request, _dialog.NewResponse(request, 488), source);
            return;
        }
        var offer = request.Body.IsEmpty ? null : PhoneSdp.Read(request.Body.Span, _settings.Codec);
        var response = _dialog.NewResponse(request, 200);
        response.SetBody(NewSdp(offer?.AnswerDirection ?? "sendrecv"), PhoneSdp.ContentType);
        _wire.Answer(request, response, source);
        if (offer is not null) _media.Follow(offer);
    }

    private async Task RepeatAnswerAsync(SipResponse response)
    {
        try
        {
            await Task.WhenAny(_confirmed.Task, Task.Delay(TimeSpan.FromMilliseconds(500), _stop.Token));
            await _wire.RepeatAsync(response, _source, _confirmed.Task, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The phone is put away.
        }
    }

    private byte[] NewSdp(string direction, byte? opusType = null) =>
        PhoneSdp.Write(new IPEndPoint(_wire.ToldAddress.Address, _media.LocalAddress.Port), _settings.Codec, PhoneMedia.EventType, direction, ++_sdpVersion, opusType ?? _media.OpusType);

    private void Decide()
    {
        if (Interlocked.Exchange(ref _isDecided, 1) != 0) throw new InvalidOperationException("The call no longer rings.");
    }
}

/// <summary>How a call ended, seen from the phone.</summary>
public enum CallEnd
{
    HungUpHere,
    HungUpByPeer,

    /// <summary>The caller gave up before it was answered.</summary>
    Cancelled,
    Rejected,
}
