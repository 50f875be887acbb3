using System.Threading.Channels;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Plane;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// One call: a mailbox and the loop that empties it. The loop owns everything in here; signalling, media, clock and API only
/// post. <see cref="CallMachine"/> says what happens, the other parts of this class do it.
/// </summary>
internal sealed partial class Call : ILegOwner
{
    private const int MailboxSize = 256;

    private readonly CallServices _services;
    private readonly CallPlan _plan;
    private readonly CallRecord _record;
    private readonly Deadline _deadline;
    private readonly List<Leg> _legs = new(2);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<CallMessage> _mailbox =
        Channel.CreateBounded<CallMessage>(new BoundedChannelOptions(MailboxSize) { SingleReader = true });

    private readonly Side _first;
    private readonly Side _second;
    private readonly CommandMemory _commands = new();
    private CallPhase _phase;
    private volatile bool _overflowed;

    public Call(CallServices services, CallPlan plan)
    {
        _services = services;
        _plan = plan;
        _deadline = new Deadline(input => Post(input));
        _targetDeadline = new Deadline(_ => Ask(CallRequest.TargetFailed.Instance));
        _first = new Side(SidePlace.First, plan.Course == CallCourse.UserToDestination ? LegRole.User : LegRole.Caller);
        _second = new Side(SidePlace.Second, plan.Course == CallCourse.CallerToUser ? LegRole.User : LegRole.Destination);
        var parties = new CallParties(plan.Domain, plan.Direction, plan.User, plan.Destination, services.Time.GetUtcNow(), plan.CallerId, plan.Asked);
        _record = new CallRecord(services.Spool, services.Feed, services.Metrics, services.Options.Worker, plan.Id, parties, plan.TraceParent);
    }

    public CallId Id => _plan.Id;

    public string Domain => _plan.Domain;

    /// <summary>The orders it took. Only for who knows that it is over.</summary>
    public CommandMemory Commands => _commands;

    public CallSnapshot Snapshot => _record.Snapshot;

    /// <summary>Completes when the started event is on disk.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when the terminal event has been handed to the spool.</summary>
    public Task Ended => _ended.Task;

    private DateTimeOffset Now => _services.Time.GetUtcNow();

    /// <summary>False when the call is over or its mailbox is full; then it ends by itself.</summary>
    public bool Post(CallInput input, CallOutcome? why = null) => Post(new CallMessage(input, why));

    /// <summary>Asks something of the call; who is over refuses at once.</summary>
    public void Ask(CallRequest request)
    {
        if (!Post(new CallMessage(default, Request: request))) request.Refuse();
    }

    /// <summary>News of the sound of one of its sides.</summary>
    public void Hear(MediaEvent media) => Post(new CallMessage(default, Media: media));

    void ILegOwner.Tell(Leg leg, LegNews news)
    {
        // An offer is a request that waits for our answer, also when the call is over.
        if (Post(new CallMessage(default, Leg: leg, News: news))) return;
        if (news is LegNews.Reoffered reoffered) reoffered.Request.Refuse(481);
        if (news is LegNews.Referred referred) referred.Request.Refuse(481);
    }

    /// <summary>After <see cref="RunAsync"/> has thrown: nobody waits for this call any longer, and its peers are let go.</summary>
    public async Task AbortAsync(Exception cause)
    {
        _mailbox.Writer.TryComplete();
        RefuseLate();
        _services.Clock.Disarm(_deadline);
        _services.Clock.Disarm(_targetDeadline);
        foreach (var leg in _legs) leg.End(500, new HangUpReason(500, CallReasons.InternalError));
        await TurnComersAwayAsync(new HangUpReason(500, CallReasons.InternalError));
        // Its file is closed; the next start tells of it, as nobody else can.
        if (_recording is { } recording) await recording.StopAsync();
        await CloseAudioAsync();
        _started.TrySetException(cause);
        _ended.TrySetResult();
    }

    /// <summary>Runs the call to its end.</summary>
    public async Task RunAsync(CallInput first)
    {
        _record.Trace.Enter();
        await _record.StartAsync();
        _started.TrySetResult();
        await GuardedAsync(new CallMessage(first));
        while (_phase != CallPhase.Ended) await GuardedAsync(await _mailbox.Reader.ReadAsync());
        _mailbox.Writer.TryComplete();
        RefuseLate();
        _ended.TrySetResult();
    }

    // What came in between the end and the closing of the mailbox: some of it still wants an answer.
    private void RefuseLate()
    {
        while (_mailbox.Reader.TryRead(out var late))
        {
            if (late.News is LegNews.Reoffered reoffered) reoffered.Request.Refuse(481);
            if (late.News is LegNews.Referred referred) referred.Request.Refuse(481);
            late.Request?.Refuse();
        }
    }

    private bool Post(CallMessage message)
    {
        if (_mailbox.Writer.TryWrite(message)) return true;
        _overflowed = true;
        return false;
    }

    // The edge at which a defect in one call is caught, so that it ends this call and no other.
    private async ValueTask GuardedAsync(CallMessage message)
    {
        try
        {
            await TakeAsync(message);
            if (_overflowed && _phase != CallPhase.Ended) await StepAsync(CallInput.Fault);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            CallLog.Fault(_services.Logger, Id, _phase, e);
            await GiveUpAsync();
        }
    }

    private async ValueTask TakeAsync(CallMessage message)
    {
        if (message.News is { } news) await TakeNewsAsync(message.Leg!, news);
        else if (message.Media is { } media) await TakeMediaAsync(media);
        else if (message.Request is { } request) await TakeRequestAsync(request);
        else await StepAsync(message.Input, why: message.Why);
    }

    /// <param name="subject">The leg the input is about.</param>
    /// <param name="status">The final response that brought the input.</param>
    /// <param name="why">The outcome, where the input alone does not say it.</param>
    private async ValueTask StepAsync(CallInput input, Leg? subject = null, int? status = null, CallOutcome? why = null)
    {
        var before = _phase;
        // What the call has failed by stays what it ends by, whoever tires of hearing about it.
        var outcome = !CallMachine.Ends(before, input) ? null : _failure ?? why ?? CallEndings.Of(before, input, status, _plan.Course);
        var (next, actions) = CallMachine.Step(before, input, Facts() with { Announces = CanAnnounce(outcome) });
        _phase = next;
        await PerformAsync(actions, subject, outcome);
        if (actions != CallActions.None && _phase != CallPhase.Ended) Show();
    }

    private CallFacts Facts() => new(
        _plan.Prompt,
        UserWaits: _dialling is { IsLate: false },
        Realign: UserHasToAgree || (_first.Audio is { } first && _second.Audio is not null && (first.IsOfferOut || !AreInTune)),
        EarlyMedia: _earlySound,
        CanTranscode: _services.Media.Transcodes && _first.Audio is { CanTranscode: true } && _second.Audio is { CanTranscode: true });

    private CallState StateOf(CallPhase phase) => phase switch
    {
        CallPhase.New => CallState.Requested,
        CallPhase.RingingUser => CallState.RingingUser,
        CallPhase.Prompting => CallState.Prompting,
        // Of a call from outside the user is the one who is rung last.
        CallPhase.Dialling or CallPhase.Announcing when _plan.Course == CallCourse.CallerToUser => CallState.RingingUser,
        CallPhase.Dialling or CallPhase.Aligning or CallPhase.Announcing => CallState.RingingDestination,
        CallPhase.Talking => CallState.Connected,
        _ => CallState.Ended,
    };
}
