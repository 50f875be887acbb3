using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Bridging;

/// <summary>What <see cref="TalkMachine"/> asks for, done: who hears what while both talk, and what each is told of it.</summary>
internal sealed partial class Call
{
    private TalkState _talk;
    private Joint _joint;

    private Side Other(Side side) => side == _first ? _second : _first;

    private Side SideOf(Leg leg) => leg.Role == _first.Role ? _first : _second;

    private Side? SideOf(MediaLeg leg) => leg == _first.Audio?.Leg ? _first : leg == _second.Audio?.Leg ? _second : null;

    private async ValueTask<TalkVerdict> TalkAsync(Side side, TalkInput input) => (await StepTalkAsync(side, input)).Verdict;

    private async ValueTask<TalkStep> StepTalkAsync(Side side, TalkInput input)
    {
        if (_phase != CallPhase.Talking) return new TalkStep(_talk, TalkActions.None, TalkVerdict.OutOfPlace);
        var step = TalkMachine.Step(_talk, side.Place, input);
        var actions = step.Do;
        _talk = step.Next;
        var transfer = _transfer;
        if (actions.HasFlag(TalkActions.TellTransferring)) await _record.TellAsync(CallEventType.CallTransferring, Now, side.Leg, transfer!.Summary());
        if (actions.HasFlag(TalkActions.SeekTarget)) SeekTarget();
        if (actions.HasFlag(TalkActions.Replace)) await ReplaceAsync();
        if (actions.HasFlag(TalkActions.Arrange)) Arrange();
        if (actions.HasFlag(TalkActions.TellTransferred)) await TellTransferredAsync(transfer!);
        if (actions.HasFlag(TalkActions.TellHeld)) await _record.TellAsync(CallEventType.CallHeld, Now, side.Leg);
        if (actions.HasFlag(TalkActions.TellResumed)) await _record.TellAsync(CallEventType.CallResumed, Now, side.Leg);
        if (actions.HasFlag(TalkActions.TellMuted)) await _record.TellAsync(CallEventType.LegMuted, Now, side.Leg);
        if (actions.HasFlag(TalkActions.TellUnmuted)) await _record.TellAsync(CallEventType.LegUnmuted, Now, side.Leg);
        if (step.Verdict == TalkVerdict.Done) Show();
        return step;
    }

    private void Show() => _record.Show(StateOf(_phase), _legs, _phase == CallPhase.Talking ? Details() : null);

    private TalkDetails Details()
    {
        return new TalkDetails(LegsWhere(side => side.Holds), LegsWhere(side => side.Muted), LegsWhere(side => side.Announced), _recording?.Id, _transfer?.Details());

        List<string> LegsWhere(Func<SideTalk, bool> chosen)
        {
            var ids = new List<string>(0);
            if (_first.Leg is { } first && chosen(_talk.First)) ids.Add(first.Id);
            if (_second.Leg is { } second && chosen(_talk.Second)) ids.Add(second.Id);
            return ids;
        }
    }

    private void Arrange()
    {
        Join();
        Play(_first);
        Play(_second);
        Watch();
        Direct(_first);
        Direct(_second);
        PlayOn(_first);
        PlayOn(_second);
    }

    private void Join()
    {
        var wanted = TargetHeard() ?? new Joint(
            _first.Audio?.Leg, _second.Audio?.Leg,
            TalkSound.Of(_talk, SidePlace.First) == Hears.Other, TalkSound.Of(_talk, SidePlace.Second) == Hears.Other);
        if (wanted == _joint) return;
        _joint = wanted;
        wanted.Make();
        if (wanted is not { ToFirst: true, ToSecond: true }) return;
        _first.Sound = _second.Sound = _first.Played = _second.Played = null; // A bridge ends what was played.
    }

    // Whoever stays hears the target before it answers, and is not heard by it.
    private Joint? TargetHeard() =>
        _transfer is { Audio.Leg: { } target } transfer && Other(transfer.Transferor) is var stays && TalkSound.Of(_talk, stays.Place) == Hears.Target
            ? new Joint(stays.Audio?.Leg, target, ToFirst: true, ToSecond: false)
            : null;

    private void Play(Side side)
    {
        if (side.Audio is null) return;
        var sound = TalkSound.Of(_talk, side.Place) switch
        {
            Hears.Music => _services.Sounds.Music(DomainSounds),
            Hears.Ringback => _services.Sounds.Ringback,
            Hears.Announcement => side.Announcement,
            Hears.Other when Other(side).Leg is TestLeg { Number: Directory.TestNumber.Milliwatt } => _services.Sounds.Milliwatt,
            _ => null,
        };
        if (ReferenceEquals(sound, side.Sound)) return;
        if (sound is null) StopSound(side);
        else PlayTo(side, sound);
    }

    // What one end does not take, the other need not send; whom the other holds, hears music. While an offer is out, its end
    // brings us here again. A phone that holds by itself was told all in the answer to its offer.
    private void Direct(Side side)
    {
        if (_phase != CallPhase.Talking || side.Leg is not { IsOver: false } leg || side.Audio is not { Agreement: not null } audio) return;
        var wanted = WantedOf(side);
        if (audio.IsOfferOut || _talk[side.Place].HoldsBySignal) return;
        if (wanted == MediaDirection.SendOnly)
        {
            if (side.Wanted != wanted) leg.Reoffer(Offer(side, CodecsToHold(side, audio), wanted));
        }
        else if (_outOfTune == side && IsOutOfTune) leg.Reoffer(Offer(side, Other(side).Audio!.Agreement!.CodecsToOffer(), wanted));
        else if (side.Wanted != wanted) leg.Reoffer(Offer(side, audio.Agreement.CodecsToOffer(), wanted));
    }

    // Music costs nothing in G.711: a phone that has agreed to something else is asked for that while it is held, and back afterwards.
    private IReadOnlyList<AudioCodec> CodecsToHold(Side side, AudioEnd audio)
    {
        var own = audio.Agreement!.CodecsToOffer();
        if (audio.Leg.CanPlay || side.Leg!.Trunk is not null) return own;
        if (!IsOutOfTune) _outOfTune = side;
        var more = own.Where(codec => !OfferedCodecs.Playable.Any(codec.Same));
        return [.. OfferedCodecs.Playable.Concat(more).OrderBy(codec => codec.Kind != CodecKind.Speech)];
    }

    // After somebody else came, or after music: what one sends the other cannot play.
    private bool IsOutOfTune => _first.Audio is not null && _second.Audio is not null && !AreInTune;

    private MediaDirection WantedOf(Side side)
    {
        var other = Other(side);
        if (_talk[other.Place].Holds) return MediaDirection.SendOnly;
        return other.IsSending ? MediaDirection.SendRecv : MediaDirection.RecvOnly;
    }

    private static byte[] Offer(Side side, IReadOnlyList<AudioCodec> codecs, MediaDirection wanted)
    {
        side.Wanted = wanted;
        return side.Audio!.Offer(codecs, wanted);
    }

    // After whatever may have changed what the side's phone wants to send and to hear.
    private async ValueTask NoteDirectionAsync(Side side)
    {
        if (_phase != CallPhase.Talking) return;
        var input = !side.IsHoldingBySignal ? TalkInput.SignalsResume
            : side is { Leg.Trunk: not null, IsSendingOnly: true } ? TalkInput.SignalsHoldWithMusic // The other's own exchange plays it.
            : TalkInput.SignalsHold;
        await TalkAsync(side, input);
        Watch();
        Direct(Other(side));
    }

    private ValueTask PromptFinishedAsync(PromptFinished finished)
    {
        if (SideOf(finished.Leg) is not { } side || !ReferenceEquals(finished.Prompt, side.Announcement)) return ValueTask.CompletedTask;
        return _phase == CallPhase.Announcing ? StepAsync(CallInput.AnnouncementOver) : EndAnnouncementAsync(side);
    }

    private async ValueTask EndAnnouncementAsync(Side side)
    {
        await TalkAsync(side, TalkInput.AnnouncementEnds);
        side.Announcement = null;
    }

    /// <summary>How the two sides are joined in the media plane. A test number has no leg there: what it says is played or echoed.</summary>
    private readonly record struct Joint(MediaLeg? First, MediaLeg? Second, bool ToFirst, bool ToSecond)
    {
        public void Make()
        {
            if (First is null || Second is null) MakeAlone(First ?? Second);
            else if (ToFirst && ToSecond) First.Bridge(Second);
            else if (ToFirst) First.Overhear(Second);
            else if (ToSecond) Second.Overhear(First);
            else Part();
        }

        /// <summary>Before one of the two is closed, so that the other sends nothing there any more.</summary>
        public void Part()
        {
            First?.Unbridge();
            Second?.Unbridge();
        }

        private void MakeAlone(MediaLeg? leg)
        {
            if (ToFirst && ToSecond) leg?.Echo();
            else leg?.Unbridge();
        }
    }
}
