using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Plane;

/// <summary>
/// Packets of our own: every leg that plays has one step each 20 ms, counted from its first step, so no delay of the loop adds
/// up. All steps are equally long, which makes the schedule a plain queue: who has just stepped comes last.
/// </summary>
internal sealed unsafe partial class Relay
{
    private const long StepLength = 20_000_000;

    // First steps fall on this grid, so that many prompts share few wake-ups.
    private const long Grid = 5_000_000;

    // After a longer stall the missed steps are skipped: a burst of stale sound helps nobody.
    private const long MaxBehind = 200_000_000;
    private const int PromptOctets = 160;
    private readonly Queue<(LegState Leg, long Due)> _steps = new();

    /// <summary>Does what is due and returns nanoseconds until something is again.</summary>
    public long Tick()
    {
        _now = clock.Nanoseconds;
        while (_steps.TryPeek(out var next) && next.Due <= _now)
        {
            _steps.Dequeue();
            Step(next.Leg, next.Due);
        }
        if (_now >= _nextCheck) CheckSilence();
        var due = _steps.TryPeek(out var first) ? Math.Min(first.Due, _nextCheck) : _nextCheck;
        return Math.Max(0, due - clock.Nanoseconds);
    }

    private void Schedule(LegState leg)
    {
        if (leg.Scheduled) return;
        leg.Scheduled = true;
        _steps.Enqueue((leg, (_now / Grid * Grid) + StepLength));
    }

    private void Step(LegState leg, long due)
    {
        if (leg.Digits is { } digits)
        {
            StepDigits(leg, digits);
            if (digits.Finished) leg.Digits = null;
        }
        else if (leg.Playing is not null) StepPrompt(leg);
        if (!leg.PlaysItself)
        {
            leg.Scheduled = false;
            return;
        }
        var next = due + StepLength;
        _steps.Enqueue((leg, _now - next > MaxBehind ? (_now / Grid * Grid) + StepLength : next));
    }

    private void StepDigits(LegState leg, DigitSender digits)
    {
        var buffer = engine.Rent();
        var length = digits.Step(ref leg.Out, new Span<byte>(buffer, RtpHeader.FixedLength + TelephoneEvent.Length), _now);
        if (length > 0) SendOwn(leg, buffer, length);
    }

    private void StepPrompt(LegState leg)
    {
        if (leg.Playing is not { } prompt || leg.Codecs?.Prompt is not { } codec) return;
        var starting = leg.PlayStarting;
        leg.PlayTimestamp = starting ? leg.Out.BeginSpurt(codec.Codec.ClockRate, _now) : leg.PlayTimestamp + PromptOctets;
        leg.PlayStarting = false;
        if (leg.MaySend && leg.HasRemote)
        {
            const int length = RtpHeader.FixedLength + PromptOctets;
            var buffer = engine.Rent();
            var packet = new Span<byte>(buffer, length);
            leg.Out.Write(packet, codec.SendPayloadType, starting, leg.PlayTimestamp, _now);
            prompt.Fill(packet[RtpHeader.FixedLength..], leg.PlayPosition, codec.Codec.Same(AudioCodec.Pcma), leg.PlayLoop);
            SendOwn(leg, buffer, length);
        }
        leg.PlayPosition += PromptOctets;
        if (leg.PlayPosition < prompt.Length) return;
        if (leg.PlayLoop) leg.PlayPosition %= prompt.Length;
        else
        {
            leg.Playing = null;
            tell(new PromptFinished(leg.Owner, prompt));
        }
    }

    private void SendOwn(LegState leg, byte* buffer, int length)
    {
        if (!leg.MaySend || !leg.HasRemote) return;
        engine.Send(leg.RtpSocket, leg.RemoteRtp, buffer, length);
        leg.Sent++;
    }

    private void CheckSilence()
    {
        _nextCheck = _now + Second;
        foreach (var leg in _legs)
        {
            if (leg is null || leg.SilenceLimit == 0) continue;
            var silence = _now - Math.Max(leg.LastPacketAt, leg.SilenceFrom);
            if (silence < leg.SilenceLimit) leg.SilenceTold = false;
            else if (!leg.SilenceTold)
            {
                leg.SilenceTold = true;
                tell(new MediaSilent(leg.Owner, TimeSpan.FromTicks(silence / 100)));
            }
        }
    }
}
