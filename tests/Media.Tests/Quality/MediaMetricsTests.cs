using System.Diagnostics.Metrics;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Tests.Plane;

namespace ClickToDial.Media.Tests.Quality;

/// <summary>B6: the figures of legs as metrics.</summary>
public sealed class MediaMetricsTests
{
    private readonly List<(string Name, double Value, string Label)> _told = [];

    [Fact]
    public async Task Leg_that_ends_tells_its_figures()
    {
        await using var plane = await MediaPlaneTests.StartAsync(PacketEngine.Epoll);
        using var listener = Listen(plane);
        using var alice = new UdpPeer();
        var leg = plane.TryOpenLeg()!;
        leg.SetRemote(alice.Agreement((AudioCodec.Pcma, 8)));
        leg.Echo();
        foreach (ushort sequence in new[] { 1, 2, 4 })
        {
            alice.Send(leg, 8, sequence, sequence * 160u, [1]);
            await alice.ReceiveAsync();
        }
        alice.SendRaw(leg.LocalPort, [1, 2, 3]);
        while ((await leg.GetStatisticsAsync()).Malformed == 0) await Task.Yield();
        listener.RecordObservableInstruments();
        Assert.Equal([("clicktodial.media.short_port_rests", 0.0, ""), ("clicktodial.media.legs", 1.0, "")], Told());

        var last = await leg.CloseAsync();

        Assert.Equal(
            [
                ("clicktodial.media.packets", 3, "received"), ("clicktodial.media.packets", 3, "sent"), ("clicktodial.media.packets", 1, "lost"),
                ("clicktodial.media.packets", 1, "malformed"), ("clicktodial.media.loss", 0.25, "PCMA"),
                ("clicktodial.media.jitter", last.JitterMilliseconds, "PCMA"), ("clicktodial.media.mos", last.MeanOpinionScore!.Value, "PCMA"),
            ],
            Told());
        listener.RecordObservableInstruments();
        Assert.Contains(("clicktodial.media.legs", 0.0, ""), Told());
    }

    [Fact]
    public async Task Leg_without_packets_tells_nothing_of_quality()
    {
        await using var plane = await MediaPlaneTests.StartAsync(PacketEngine.Epoll);
        using var listener = Listen(plane);
        await plane.TryOpenLeg()!.CloseAsync();
        Assert.Empty(Told());
    }

    [Theory]
    [InlineData("opus", "opus")]
    [InlineData("x-made-up-by-the-peer", "other")]
    [InlineData(null, "none")]
    public async Task Only_codecs_of_ours_are_labels(string? codec, string label)
    {
        await using var plane = await MediaPlaneTests.StartAsync(PacketEngine.Epoll);
        using var listener = Listen(plane);
        plane.Metrics.Ended(new LegStatistics(codec, 0, 0, 0, 0, RoundTripMilliseconds: 12.5, null, 0, 0, null));
        Assert.Equal([("clicktodial.media.round_trip", 12.5, label)], Told());
    }

    private List<(string Name, double Value, string Label)> Told()
    {
        lock (_told)
        {
            List<(string, double, string)> told = [.. _told];
            _told.Clear();
            return told;
        }
    }

    private MeterListener Listen(MediaPlane plane)
    {
        var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (plane.Metrics.Owns(instrument)) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Tell(instrument, value, labels));
        listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Tell(instrument, value, labels));
        listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Tell(instrument, value, labels));
        listener.Start();
        return listener;
    }

    private void Tell(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var label = labels.Length > 0 ? (string)labels[0].Value! : "";
        lock (_told) _told.Add((instrument.Name, value, label));
    }
}
