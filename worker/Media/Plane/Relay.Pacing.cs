using ClickToDial.Media.Audio;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Plane;

/// <summary>Packets of our own: every leg that plays has one step each 20 ms, counted from its first step, so no delay of the loop adds up.</summary>
internal sealed unsafe partial class Relay
{
    private const int PromptOctets = 160;
    private readonly StepWheel _steps = new();
    private Action<LegState>? _step;

    /// <summary>Does what is due and returns nanoseconds until something is again.</summary>
    public long Tick()
    {
        _now = clock.Nanoseconds;
        if (_transcoded.Count > 0) SendTranscoded();
        _steps.Turn(_now, _step ??= Step);
        if (_now >= _nextCheck) CheckSilence();
        SendReports();
        var handshakes = _handshaking.Count > 0 ? DriveHandshakes() : long.MaxValue;
        return Math.Max(0, Math.Min(Math.Min(_steps.NextDue(), _nextCheck), Math.Min(handshakes, NextReport())) - _now);
    }

    private void Schedule(LegState leg)
    {
        if (!leg.Scheduled) _steps.Add(leg, _now);
    }

    private void Step(LegState leg)
    {
        if (leg.Digits is { } digits)
        {
            StepDigits(leg, digits);
            if (digits.Finished) leg.Digits = null;
        }
        else if (leg.Playing is not null) StepPrompt(leg);
    }

    private void StepDigits(LegState leg, DigitSender digits)
    {
        var buffer = engine.Rent();
        var length = digits.Step(ref leg.Out, new Span<byte>(buffer, RtpHeader.FixedLength + TelephoneEvent.Length), _now);
        if (length > 0) SendOwn(leg, buffer, length);
    }

    private void StepPrompt(LegState leg)
    {
        if (leg.Playing is not { } prompt) return;
        if (leg.Codecs?.Prompt is { } codec) SendPrompt(leg, prompt, codec);
        else HandOverPrompt(leg, prompt);
        leg.PlayStarting = false;
        leg.PlayPosition += PromptOctets;
        if (leg.PlayPosition < prompt.Length) return;
        if (leg.PlayLoop) leg.PlayPosition %= prompt.Length;
        else
        {
            leg.Playing = null;
            tell(new PromptFinished(leg.Owner, prompt));
        }
    }

    private void SendPrompt(LegState leg, Prompt prompt, NegotiatedCodec codec)
    {
        if (leg.Encoded is not null)
        {
            EndEncoding(leg); // Its peer has gone over to G.711.
            leg.PlayStarting = true;
        }
        leg.PlayTimestamp = leg.PlayStarting ? leg.Out.BeginSpurt(codec.Codec.ClockRate, _now) : leg.PlayTimestamp + PromptOctets;
        if (!leg.MaySend || !leg.HasRemote) return;
        const int length = RtpHeader.FixedLength + PromptOctets;
        var buffer = engine.Rent();
        var packet = new Span<byte>(buffer, length);
        leg.Out.Write(packet, codec.SendPayloadType, leg.PlayStarting, leg.PlayTimestamp, _now);
        prompt.Fill(packet[RtpHeader.FixedLength..], leg.PlayPosition, codec.Codec.Same(AudioCodec.Pcma), leg.PlayLoop);
        SendOwn(leg, buffer, length);
    }

    private void SendOwn(LegState leg, byte* buffer, int length)
    {
        if (!leg.MaySend || !leg.HasRemote) return;
        SendRtp(leg, buffer, length, PacketBuffers.Size);
    }

    private void CheckSilence()
    {
        _nextCheck = _now + Second;
        foreach (var leg in _legs)
        {
            if (leg is null) continue;
            CheckConsent(leg);
            CheckHandshake(leg);
            if (leg.SilenceLimit == 0) continue;
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
