using ClickToDial.Media.Audio;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Quality;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Plane;

/// <summary>What owners of legs ask for; run on the shard's thread between packets.</summary>
internal sealed unsafe partial class Relay
{
    private const long SamePress = 500_000_000; // ns; a phone that sends its keys both ways sends both at once

    /// <summary>Applies what offer and answer settled; the maps of a bridge follow.</summary>
    public void Negotiate(LegState leg, AudioAgreement agreement, LegCodecs codecs, SocketName? remote, in ProtectionChange protection = default)
    {
        LeavePath(leg);
        Protect(leg, protection);
        leg.Latch.Negotiate(remote, _now, latchWindow);
        if (remote is { } name && !leg.Latch.IsLatched)
        {
            leg.RemoteRtp = name;
            leg.HasRemote = true;
            leg.RemoteRtcp = SocketName.From(name.Address, agreement.RemoteRtcpPort);
            leg.HasRemoteRtcp = true;
            leg.Flowing = false;
        }
        Agree(leg, agreement, codecs);
    }

    private void Agree(LegState leg, AudioAgreement agreement, LegCodecs codecs)
    {
        leg.Codecs = codecs;
        leg.MaySend = agreement.Direction.HasFlag(MediaDirection.SendOnly);
        leg.RtcpMux = agreement.RtcpMux;
        // RFC 3264 section 8.4: who holds by 0.0.0.0 is sent no RTCP either. With one port for both it goes where sound goes, if anywhere.
        leg.MayReport = agreement.RemoteAddress is not null || agreement.RtcpMux;
        BeginReports(leg);
        leg.SilenceFrom = _now;
        leg.SilenceTold = false;
        if (leg.Target is not { } target) return;
        Aim(leg, target);
        if (!ReferenceEquals(target, leg)) Aim(target, leg);
    }

    /// <summary>Joins two legs; whatever either was joined to or played before ends.</summary>
    public static void Bridge(LegState first, LegState second)
    {
        Detach(first);
        Detach(second);
        first.Playing = null;
        second.Playing = null;
        Aim(first, second);
        Aim(second, first);
    }

    /// <summary>Sends the speaker's packets to the listener, and nothing back.</summary>
    public static void Overhear(LegState listener, LegState speaker)
    {
        Detach(listener);
        Detach(speaker);
        Aim(speaker, listener);
    }

    /// <summary>Parts a leg from the one it is joined to, or ends its echo.</summary>
    public static void Detach(LegState leg)
    {
        if (leg.Target is { } target && ReferenceEquals(target.Target, leg))
        {
            target.Target = null;
            EndTranscoding(target);
        }
        leg.Target = null;
        leg.Map = null;
        EndTranscoding(leg);
    }

    /// <summary>Sends a leg's packets back to it.</summary>
    public static void Echo(LegState leg)
    {
        Detach(leg);
        leg.Playing = null;
        Aim(leg, leg);
    }

    /// <summary>Plays from the next step on; what was playing ends untold.</summary>
    public void Play(LegState leg, Prompt prompt, bool loop = false)
    {
        if (!CanHear(leg) || prompt.Length == 0)
        {
            if (!loop) tell(new PromptFinished(leg.Owner, prompt));
            return;
        }
        leg.Playing = prompt;
        leg.PlayLoop = loop;
        leg.PlayPosition = 0;
        leg.PlayStarting = true;
        Schedule(leg);
    }

    public static void StopPlaying(LegState leg) => leg.Playing = null;

    /// <summary>
    /// Sends a key that a bridged leg's peer pressed by signalling, unless the same press came with its sound a moment before: that one
    /// has been passed on already.
    /// </summary>
    public void PassOnKey(LegState leg, LegState from, char key, int pressMilliseconds, int pauseMilliseconds)
    {
        if (from.Target == leg && from.LastKey == key && _now - from.LastKeyAt < SamePress) return;
        SendDigits(leg, key.ToString(), pressMilliseconds, pauseMilliseconds);
    }

    /// <summary>Sends keys after those that are still being sent; ignored when the peer has not agreed to telephone-event.</summary>
    public void SendDigits(LegState leg, string digits, int pressMilliseconds, int pauseMilliseconds)
    {
        if (leg.Codecs?.Events is not { } events || digits.Length == 0) return;
        leg.Digits ??= new DigitSender(events.SendPayloadType, events.Codec.ClockRate);
        leg.Digits.Add(digits, pressMilliseconds, pauseMilliseconds);
        leg.PlayStarting = true; // a prompt that goes on after the keys begins a new spurt
        Schedule(leg);
    }

    /// <summary>Watches for silence; 0 ends the watch.</summary>
    public void WatchSilence(LegState leg, long limit)
    {
        leg.SilenceLimit = limit;
        leg.SilenceFrom = _now;
        leg.SilenceTold = false;
    }

    public LegStatistics Snapshot(LegState leg)
    {
        var codec = leg.Codecs?.Primary.Codec.Name;
        var received = leg.Received.Received;
        var lost = leg.Received.Lost;
        double? score = received == 0 ? null : Score(leg, codec, (double)lost / (received + lost));
        DateTimeOffset? last = leg.LastPacketAt == 0 ? null : clock.Time.GetUtcNow() - TimeSpan.FromTicks((clock.Nanoseconds - leg.LastPacketAt) / 100);
        return new LegStatistics(
            codec, received, leg.Sent, lost, leg.Received.JitterMilliseconds, leg.RoundTrip.Milliseconds, score, leg.UnknownSource, leg.Malformed, last,
            leg.Protect?.Profile.Suite, leg.Unauthenticated);
    }

    private static double Score(LegState leg, string? codec, double lossFraction)
    {
        TimeSpan? roundTrip = leg.RoundTrip.Milliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        var delay = MouthToEar.Of(
            roundTrip, TimeSpan.FromMilliseconds(leg.Received.JitterMilliseconds), TimeSpan.FromMilliseconds(AudioAgreement.DefaultPacketTime));
        return QualityModel.Estimate(CodecImpairment.Of(codec), lossFraction, burstRatio: 1, delay).MeanOpinionScore;
    }

    private static void Aim(LegState from, LegState to)
    {
        if (!ReferenceEquals(from.Target, to)) EndTranscoding(from);
        from.Target = to;
        from.Map = from.Codecs is { } codecs && to.Codecs is { } others ? new PayloadMap(codecs, others) : null;
    }
}
