using System.Diagnostics.Metrics;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Quality;

/// <summary>
/// What is measured of sound, told when a leg is closed. Labels are names of our codecs and fixed words; no address and no call is in them.
/// </summary>
public sealed class MediaMetrics : IDisposable
{
    public const string MeterName = "ClickToDial.Media";

    private static readonly string[] Codecs = [.. AudioCodec.All.Where(codec => codec.Kind == CodecKind.Speech).Select(codec => codec.Name)];

    private readonly Histogram<double> _loss;
    private readonly Histogram<double> _jitter;
    private readonly Histogram<double> _roundTrip;
    private readonly Histogram<double> _score;
    private readonly Counter<long> _packets;
    private readonly Counter<long> _deadCalls;
    private readonly Counter<long> _lostPaths;

    internal MediaMetrics(Func<int> openLegs, Func<long> shortRests)
    {
        _loss = Histogram("clicktodial.media.loss", "1", "Share of packets lost on the way to us, of each leg that received any.", 0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5);
        _jitter = Histogram("clicktodial.media.jitter", "ms", "Interarrival jitter (RFC 3550) at the leg's end.", 1, 2, 5, 10, 20, 30, 50, 100, 200);
        _roundTrip = Histogram("clicktodial.media.round_trip", "ms", "Round trip to the peer by RTCP, of each leg on which it was measured.", 5, 10, 20, 50, 100, 150, 200, 300, 500, 1000);
        _score = Histogram("clicktodial.media.mos", "1", "Mean opinion score by the E-model, of each leg that received any packets.", 1.5, 2, 2.5, 3, 3.5, 3.8, 4, 4.2, 4.4);
        _packets = Meter.CreateCounter<long>("clicktodial.media.packets", description: "RTP packets of legs that have ended, by what became of them.");
        _deadCalls = Meter.CreateCounter<long>("clicktodial.media.dead_calls", description: "Calls ended because one of their ends had fallen silent.");
        _lostPaths = Meter.CreateCounter<long>("clicktodial.media.lost_paths", description: "Ways to browsers that were lost during a call, or never came about, by fault.");
        Meter.CreateObservableCounter("clicktodial.media.short_port_rests", shortRests, description: "Ports given again before they had rested as long as is set.");
        Meter.CreateObservableGauge("clicktodial.media.legs", openLegs, description: "Legs that are open.");
    }

    private Meter Meter { get; } = new(MeterName);

    /// <summary>True for an instrument of this plane, as several in one process have meters of the same name.</summary>
    public bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, Meter);

    /// <summary>A call is ended because no sound comes any more.</summary>
    public void CountDeadCall() => _deadCalls.Add(1);

    /// <summary>A browser of a call can no longer be sent to, or never could.</summary>
    public void CountLostPath(PathFault fault) => _lostPaths.Add(1, new KeyValuePair<string, object?>("fault", WordOf(fault)));

    public void Dispose() => Meter.Dispose();

    internal void Ended(LegStatistics leg)
    {
        var codec = new KeyValuePair<string, object?>("codec", leg.Codec is null ? "none" : Codecs.Contains(leg.Codec) ? leg.Codec : "other");
        Count(leg.PacketsReceived, "received");
        Count(leg.PacketsSent, "sent");
        Count(leg.PacketsLost, "lost");
        Count(leg.UnknownSource, "unknown-source");
        Count(leg.Malformed, "malformed");
        Count(leg.Unauthenticated, "unauthenticated");
        if (leg.RoundTripMilliseconds is { } roundTrip) _roundTrip.Record(roundTrip, codec);
        if (leg.PacketsReceived == 0) return;
        _loss.Record((double)leg.PacketsLost / (leg.PacketsReceived + leg.PacketsLost), codec);
        _jitter.Record(leg.JitterMilliseconds, codec);
        if (leg.MeanOpinionScore is { } score) _score.Record(score, codec);
    }

    private static string WordOf(PathFault fault) => fault switch
    {
        PathFault.Consent => "consent",
        PathFault.Handshake => "handshake",
        PathFault.Fingerprint => "fingerprint",
        _ => "other",
    };

    private void Count(long packets, string fate)
    {
        if (packets > 0) _packets.Add(packets, new KeyValuePair<string, object?>("fate", fate));
    }

    private Histogram<double> Histogram(string name, string unit, string description, params double[] boundaries) =>
        Meter.CreateHistogram<double>(name, unit, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
