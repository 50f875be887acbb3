using ClickToDial.Calls.Control;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Recording;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Bridging;

/// <summary>What the control API orders of a call under way.</summary>
internal sealed partial class Call
{
    private ICallRecording? _recording;
    private int _recordings;

    /// <summary>Carries out an order; the same order again under its command id only answers.</summary>
    public Task<OrderAnswer> OrderAsync(CallOrder order, Call? other = null)
    {
        var request = new CallRequest.Ordered(order, other);
        Ask(request);
        return request.Answer;
    }

    private ValueTask TakeRequestAsync(CallRequest request) => request switch
    {
        CallRequest.Ordered ordered => TakeOrderAsync(ordered),
        CallRequest.TargetFailed => TargetTimedOutAsync(),
        CallRequest.GiveLeg give => GiveLegAsync(give),
        CallRequest.LegGiven given => TakeLegAsync(given),
        CallRequest.TakePlace comer => AskedToTakePlaceAsync(comer),
        CallRequest.ActDecided decided => decided.Then(),
        CallRequest.ReferralDecided decided => ReferredOnAsync(decided),
        CallRequest.RedirectDecided decided => DecidedAsync(decided),
        _ => ValueTask.CompletedTask,
    };

    private async ValueTask TakeOrderAsync(CallRequest.Ordered ordered)
    {
        try
        {
            var verdict = _commands.Recall(ordered.Order) ?? await CarryOutAsync(ordered);
            _commands.Note(ordered.Order, verdict);
            ordered.Reply(new OrderAnswer(verdict, verdict == OrderVerdict.Done ? Snapshot : null));
        }
        catch
        {
            ordered.Refuse(); // The defect ends the call.
            throw;
        }
    }

    private ValueTask<OrderVerdict> CarryOutAsync(CallRequest.Ordered ordered) => ordered.Order switch
    {
        CallOrder.Answer answer => new(OrderAnswer(answer)),
        _ when _phase != CallPhase.Talking => new(OrderVerdict.NotReady),
        CallOrder.Hold hold => ApplyAsync(hold.Leg ?? UserRole, TalkInput.OrderHold),
        CallOrder.Resume resume => ApplyAsync(resume.Leg ?? UserRole, TalkInput.OrderResume),
        CallOrder.Mute mute => ApplyAsync(mute.Leg ?? UserRole, mute.On ? TalkInput.Mute : TalkInput.Unmute),
        CallOrder.Transfer transfer => TransferAsync(transfer),
        CallOrder.Join join => JoinAsync(join, ordered.Other),
        CallOrder.SendDigits digits => new(SendDigits(digits)),
        CallOrder.Announce announce => AnnounceAsync(announce),
        CallOrder.StopAnnouncing stop => StopAnnouncingAsync(stop),
        CallOrder.Record record => record.On ? StartRecordingAsync() : StopRecordingAsync(),
        _ => new(OrderVerdict.NotSupported),
    };

    private const string UserRole = "user";

    // By the id of the leg that stands there, or by the role of whoever does.
    private Side? FindSide(string leg)
    {
        if (Stands(_first)) return _first;
        return Stands(_second) ? _second : null;

        bool Stands(Side side) => side.Leg is { IsOver: false } there
            && (there.Id == leg || side.Role.ToString().Equals(leg, StringComparison.OrdinalIgnoreCase));
    }

    // Both where none is named; null where there is none of that name.
    private IReadOnlyList<Side>? SidesOf(string? leg)
    {
        if (leg is null) return [_first, _second];
        return FindSide(leg) is { } side ? [side] : null;
    }

    private async ValueTask<OrderVerdict> ApplyAsync(string leg, TalkInput input)
    {
        if (FindSide(leg) is not { } side) return OrderVerdict.NoSuchLeg;
        return await TalkAsync(side, input) switch
        {
            TalkVerdict.Done or TalkVerdict.Already => OrderVerdict.Done,
            TalkVerdict.Transferring => OrderVerdict.TransferUnderWay,
            TalkVerdict.HeldBySignal => OrderVerdict.HeldByDevice,
            _ => OrderVerdict.NotReady,
        };
    }

    private OrderVerdict OrderAnswer(CallOrder.Answer order)
    {
        var name = order.Leg ?? UserRole;
        if (FindSide(name) is not null) return OrderVerdict.Done; // Who stands there has answered.
        var ringing = _legs.FindAll(leg => leg is { IsOver: false, AnsweredAt: null } && IsNamed(leg, name));
        if (ringing.Count == 0) return _phase is CallPhase.RingingUser or CallPhase.Dialling ? OrderVerdict.NoSuchLeg : OrderVerdict.NotReady;
        var able = ringing.FindAll(leg => leg.TakesTalk);
        if (able.Count != 1) return able.Count == 0 ? OrderVerdict.CannotBeAnswered : OrderVerdict.AmbiguousLeg;
        if (!able[0].IsToldToAnswer) able[0].OrderAnswer();
        able[0].IsToldToAnswer = true;
        return OrderVerdict.Done;
    }

    private static bool IsNamed(Leg leg, string name) => leg.Id == name || leg.Role.ToString().Equals(name, StringComparison.OrdinalIgnoreCase);

    private OrderVerdict SendDigits(CallOrder.SendDigits order)
    {
        var side = order.Leg is { } name ? FindSide(name) : Other(FindSide(UserRole) ?? _first);
        if (side is null) return OrderVerdict.NoSuchLeg;
        if (side.Audio is not { } audio) return OrderVerdict.NotSupported;
        if (audio.Leg.CanSendDigits) audio.Leg.SendDigits(order.Digits, order.Milliseconds);
        else foreach (var key in order.Digits) side.Leg!.SendKey(key, order.Milliseconds);
        return OrderVerdict.Done;
    }

    private async ValueTask<OrderVerdict> AnnounceAsync(CallOrder.Announce order)
    {
        if (_services.Sounds.Find(order.Name, DomainSounds) is not { } prompt) return OrderVerdict.NoSuchPrompt;
        if (SidesOf(order.Leg) is not { } sides) return OrderVerdict.NoSuchLeg;
        var heard = sides.Where(side => side.Audio is { Leg.CanHear: true }).ToList();
        if (heard.Count == 0) return OrderVerdict.NotSupported;
        foreach (var side in heard)
        {
            side.Announcement = prompt;
            side.AnnouncementLoops = order.Loop;
            // Another one may be playing: then the state is the same, and only the sound changes.
            if (await TalkAsync(side, TalkInput.AnnouncementBegins) == TalkVerdict.Already) Play(side);
            PlayOn(side);
        }
        return OrderVerdict.Done;
    }

    private async ValueTask<OrderVerdict> StopAnnouncingAsync(CallOrder.StopAnnouncing order)
    {
        if (SidesOf(order.Leg) is not { } sides) return OrderVerdict.NoSuchLeg;
        foreach (var side in sides) await EndAnnouncementAsync(side);
        return OrderVerdict.Done;
    }

    private async ValueTask<OrderVerdict> StartRecordingAsync()
    {
        if (_recording is not null) return OrderVerdict.Done;
        _recording = await _services.Recorder.StartAsync(Id, $"rec-{++_recordings}", _record.Parties, Ends());
        if (_recording is null) return OrderVerdict.NotSupported;
        await _record.TellAsync(CallEventType.RecordingStarted, Now, new RecordingSummary(_recording.Id));
        Show();
        return OrderVerdict.Done;
    }

    private async ValueTask<OrderVerdict> StopRecordingAsync()
    {
        await EndRecordingAsync();
        if (_phase == CallPhase.Talking) Show();
        return OrderVerdict.Done;
    }

    private async ValueTask EndRecordingAsync()
    {
        if (_recording is not { } recording) return;
        _recording = null;
        await _record.TellDurablyAsync(CallEventType.RecordingStopped, Now, await recording.StopAsync());
        recording.Told();
    }

    private RecordedEnds Ends() => new(_first.Audio, _second.Audio);
}
