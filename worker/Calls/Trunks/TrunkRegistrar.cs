using ClickToDial.Calls.Events;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Trunks;

/// <summary>
/// Our registration at one trunk: asks, answers the challenge, refreshes, waits longer after each failure, goes to the next server
/// when one fails, and takes it back at the end. Does what <see cref="RegistrationMachine"/> says. Belongs to the stack's loop.
/// </summary>
internal sealed class TrunkRegistrar
{
    // The answer to a challenge, or to two, takes a number of its own (RFC 3261 section 22.2).
    private const uint Step = 4;

    private readonly SipEndpoint _endpoint;
    private readonly Trunk _trunk;
    private readonly TrunkOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly DigestClient _account;
    private readonly string _domain;
    private readonly string _callId;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RegistrationPhase _phase;
    private long _dueAt;
    private long _until;
    private long _askedUntil;
    private uint _sequence;
    private int _expires;
    private int _server;
    private int _triedInRow;
    private int _failures;
    private int _round;
    private SipFlow? _grantedBy;

    /// <param name="contactUser">Of our contact there; nobody else may be able to guess it.</param>
    public TrunkRegistrar(SipEndpoint endpoint, Trunk trunk, string contactUser, TrunkOptions options, TimeProvider time, Random random, ILogger logger)
    {
        (_endpoint, _trunk, _options, _time, _random, _logger) = (endpoint, trunk, options, time, random, logger);
        _backoff = new Backoff(options.FirstRetry, options.LongestRetry, random);
        _domain = trunk.Settings.Registration!.Domain ?? trunk.AddressHost;
        _expires = Math.Clamp(trunk.Settings.Registration.ExpiresSeconds, 1, 86_400);
        _callId = endpoint.Tokens.Next();
        _account = new DigestClient(trunk.Entry.UserName ?? "", trunk.Entry.Password ?? "", endpoint.Tokens);
        ContactUser = contactUser;
        _dueAt = time.GetTimestamp();
    }

    /// <summary>The user part of our contact there.</summary>
    public string ContactUser { get; }

    public Trunk Trunk => _trunk;

    public bool IsRegistered => _phase is RegistrationPhase.Registered or RegistrationPhase.Refreshing;

    public RegistrationPhase Phase => _phase;

    /// <summary>Does what is due.</summary>
    public void Tick()
    {
        var now = _time.GetTimestamp();
        if (IsRegistered && now >= _until) Take(RegistrationInput.Expired);
        if (_phase is RegistrationPhase.Asking or RegistrationPhase.Refreshing or RegistrationPhase.Leaving && now >= _askedUntil) Failed(0, _round);
        if (_phase is RegistrationPhase.Waiting or RegistrationPhase.Registered && now >= _dueAt) Take(RegistrationInput.Due);
    }

    /// <summary>Takes the registration back; completes when that was answered, or was not in time.</summary>
    public Task LeaveAsync()
    {
        Take(RegistrationInput.Leave);
        return _left.Task;
    }

    private void Take(RegistrationInput input, int seconds = 0)
    {
        var (next, action) = RegistrationMachine.Step(_phase, input);
        _phase = next;
        switch (action)
        {
            case RegistrationAction.Register:
                Ask(_expires);
                break;
            case RegistrationAction.RegisterElsewhere:
                _server = (_server + 1) % _trunk.Servers.Count;
                Ask(_expires);
                break;
            case RegistrationAction.ArmRefresh:
                ArmRefresh(seconds);
                break;
            case RegistrationAction.BackOff:
                BackOff();
                break;
            case RegistrationAction.Unregister:
                Ask(0);
                break;
        }
        if (_phase == RegistrationPhase.Left) _left.TrySetResult();
    }

    private void ArmRefresh(int seconds)
    {
        var now = _time.GetTimestamp();
        var granted = TimeSpan.FromSeconds(seconds);
        _until = now + Ticks(granted);
        // Between 80 and 90 % of the time: enough is left to try again, and many who came together do not stay together.
        _dueAt = now + Ticks(granted * (0.8 + (_random.NextDouble() / 10)));
        _triedInRow = _failures = 0;
        TrunkLog.Registered(_logger, _trunk.Name, seconds);
    }

    private void BackOff()
    {
        var wait = _backoff.After(++_failures);
        _dueAt = _time.GetTimestamp() + Ticks(wait);
        _triedInRow = 0;
        _server = (_server + 1) % _trunk.Servers.Count;
    }

    private void Ask(int seconds)
    {
        _askedUntil = _time.GetTimestamp() + Ticks(seconds == 0 ? _options.LeaveLimit : _options.RegisterLimit);
        var round = ++_round;
        var server = _trunk.Servers[_server].Uri;
        if (seconds == 0 && _grantedBy is { } known) Send(known, seconds, round);
        else if (NextHop.TryFlow(server, out var flow)) Send(flow, seconds, round);
        else _ = ResolveAsync(server, seconds, round);
    }

    private async Task ResolveAsync(SipUri server, int seconds, int round)
    {
        SipFlow? flow = null;
        try
        {
            flow = await _endpoint.ResolveAsync(server, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            TrunkLog.NotRegistered(_logger, _trunk.Name, 0, 0);
        }
        _endpoint.Post(() =>
        {
            if (round != _round) return;
            if (flow is null) Failed(0, round);
            else Send(flow, seconds, round);
        });
    }

    private void Send(SipFlow flow, int seconds, int round)
    {
        if (_endpoint.ContactFor(flow, ContactUser) is not { } contact)
        {
            Failed(0, round);
            return;
        }
        var address = new NameAddress(SipUri.Create(_trunk.Entry.UserName, _domain));
        var register = _endpoint.CreateRequest(SipMethod.Register, SipUri.Create(null, _domain), address, address, contact);
        register.Headers.Set(HeaderName.CallId, _callId);
        _sequence += Step;
        register.CSeq = new CSeq(_sequence, SipMethod.Register);
        register.Headers.Add(HeaderName.Expires, seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _endpoint.Request(register, flow, outcome => Answered(outcome, flow, seconds, round), _account);
    }

    private void Answered(RequestOutcome outcome, SipFlow flow, int asked, int round)
    {
        if (round != _round) return;
        var response = outcome.Response;
        if (outcome.IsSuccess && asked == 0)
        {
            TrunkLog.Unregistered(_logger, _trunk.Name);
            Take(RegistrationInput.Accepted);
        }
        else if (outcome.IsSuccess && Granted(response!, asked) is var granted and > 0)
        {
            _grantedBy = flow;
            Take(RegistrationInput.Accepted, granted);
        }
        else if (response is { Status: 423 } && Minimum(response) is var least && least > _expires && least <= 86_400)
        {
            _expires = least;
            Take(RegistrationInput.TooBrief);
        }
        else Failed(outcome.Status, round);
    }

    private void Failed(int status, int round)
    {
        if (round != _round) return;
        _round++; // Whatever is still said in this round comes too late.
        _triedInRow++;
        var everywhere = _triedInRow >= _trunk.Servers.Count;
        Take(everywhere ? RegistrationInput.FailedEverywhere : RegistrationInput.Failed);
        if (everywhere && _phase != RegistrationPhase.Left)
            TrunkLog.NotRegistered(_logger, _trunk.Name, status, (int)_time.GetElapsedTime(_time.GetTimestamp(), _dueAt).TotalSeconds);
    }

    // RFC 3261 section 10.2.4: our contact in the answer says how long; else the header; else it is as we asked.
    private int Granted(SipResponse response, int asked)
    {
        var mine = response.Contacts?.Find(contact => contact.Uri.User == ContactUser);
        if (mine?.Parameters.Get("expires") is { } own && int.TryParse(own, out var seconds)) return seconds;
        return response.Expires is { } common ? (int)Math.Min(common, 86_400) : asked;
    }

    private static int Minimum(SipResponse response) =>
        int.TryParse(response.Headers.Get(HeaderName.MinExpires), out var seconds) ? seconds : 0;

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
