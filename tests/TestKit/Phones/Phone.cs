using System.Net;
using System.Security.Cryptography;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Phones;

/// <summary>
/// A scripted SIP phone on real sockets: it registers, rings, answers, says a tone of its own and tells what it hears.
/// Without registering it serves as the far end of a trunk.
/// </summary>
public sealed class Phone : IAsyncDisposable
{
    private readonly PhoneWire _wire;
    private readonly PhoneSettings _settings;
    private readonly string _callId = $"{Guid.NewGuid():N}";
    private readonly string _tag = RandomNumberGenerator.GetHexString(10, lowercase: true);
    private readonly Lock _gate = new();
    private readonly List<PhoneCall> _calls = [];
    private readonly EventLog<PhoneCall> _ringing;
    private uint _number;

    public Phone(PhoneSettings settings)
    {
        _settings = settings;
        _ringing = new EventLog<PhoneCall>($"calls at phone {settings.User}");
        _wire = new PhoneWire(new IPEndPoint(settings.Registrar.Address, settings.Port), Take, settings.ClaimedAddress);
    }

    public string User => _settings.User;

    public double Hertz => _settings.Hertz;

    /// <summary>Where it listens for SIP, by UDP.</summary>
    public IPEndPoint Address => _wire.LocalAddress;

    /// <summary>Start lines of all messages, sent (&gt;) and received (&lt;).</summary>
    public EventLog<string> Messages => _wire.Messages;

    /// <summary>Number of calls that have reached the phone so far.</summary>
    public int CallCount => _ringing.Count;

    /// <summary>A phone that is registered.</summary>
    public static async Task<Phone> RegisteredAsync(PhoneSettings settings)
    {
        var phone = new Phone(settings);
        try
        {
            var status = await phone.RegisterAsync();
            return status == 200 ? phone : throw new InvalidOperationException($"{settings.User}: REGISTER was answered with {status}.");
        }
        catch
        {
            await phone.DisposeAsync();
            throw;
        }
    }

    /// <summary>Registers, answering one challenge; 0 seconds unregisters.</summary>
    /// <returns>The final status.</returns>
    public async Task<int> RegisterAsync(int seconds = 300)
    {
        var response = await _wire.AskAsync(NewRegister(seconds, null), _settings.Registrar);
        if (response.Status != 401) return response.Status;
        var answer = DigestAnswer.To(
            response.Headers.GetAll(HeaderName.WwwAuthenticate), _settings.Digest,
            _settings.User, _settings.Password, SipMethod.Register.Name, $"sip:{_settings.Domain}");
        if (answer is null) throw new InvalidOperationException($"No challenge offers {_settings.Digest}.");
        return (await _wire.AskAsync(NewRegister(seconds, answer), _settings.Registrar)).Status;
    }

    /// <summary>Asks the registrar's address with a request outside of any dialog and without credentials.</summary>
    /// <param name="change">Works on the request before it is sent.</param>
    public async Task<int> AskAsync(SipMethod method, Action<SipRequest>? change = null)
    {
        var account = $"<sip:{_settings.User}@{_settings.Domain}>";
        var request = _wire.NewRequest(method, SipUri.Parse($"sip:{_settings.Domain}"), $"{account};tag={_tag}", account, $"{Guid.NewGuid():N}", 1);
        if (method == SipMethod.Invite) request.Headers.Add(HeaderName.Contact, $"<sip:{_settings.User}@{_wire.LocalAddress}>");
        change?.Invoke(request);
        return (await _wire.AskAsync(request, _settings.Registrar)).Status;
    }

    /// <summary>Waits for a call.</summary>
    /// <param name="from">Number of earlier calls to pass over.</param>
    public Task<PhoneCall> RingsAsync(int from = 0) => _ringing.WaitAsync(_ => true, "a call", from: from);

    public async ValueTask DisposeAsync()
    {
        await _wire.DisposeAsync();
        List<PhoneCall> calls;
        lock (_gate) calls = [.. _calls];
        foreach (var call in calls) await call.DisposeAsync();
    }

    private SipRequest NewRegister(int seconds, string? authorization)
    {
        var account = $"<sip:{_settings.User}@{_settings.Domain}>";
        var request = _wire.NewRequest(
            SipMethod.Register, SipUri.Parse($"sip:{_settings.Domain}"), $"{account};tag={_tag}", account, _callId, ++_number);
        request.Headers
            .Add(HeaderName.Contact, $"<sip:{_settings.User}@{_wire.ToldAddress}>")
            .Add(HeaderName.Expires, $"{seconds}");
        if (authorization is not null) request.Headers.Add(HeaderName.Authorization, authorization);
        return request;
    }

    private void Take(SipRequest request, IPEndPoint source)
    {
        PhoneCall? call;
        lock (_gate) call = _calls.Find(c => c.IsOf(request));
        if (call is not null) call.Take(request, source);
        else if (request.Method == SipMethod.Invite) TakeCall(request, source);
        else if (request.Method != SipMethod.Ack)
            _wire.Answer(request, PhoneDialog.NewResponse(request, request.Method == SipMethod.Options ? 200 : 481, _tag), source);
    }

    private void TakeCall(SipRequest invite, IPEndPoint source)
    {
        if (_settings.OnCall == IncomingCall.Ignore) return;
        var call = new PhoneCall(_wire, invite, source, _settings);
        lock (_gate) _calls.Add(call);
        if (_settings.OnCall == IncomingCall.Busy) call.Reject(486);
        else if (_settings.OnCall == IncomingCall.Decline) call.Reject(603);
        else call.Ring();
        if (_settings.OnCall == IncomingCall.Answer) _ = call.AnswerAsync();
        _ringing.Append(call);
    }
}
