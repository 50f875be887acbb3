using System.Text.Json;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Events;

public sealed class EventSpoolTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTimeProvider _time = new(Samples.Now.AddHours(1));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_come_back_in_the_order_they_were_told()
    {
        using (var spool = Open("a"))
            foreach (var told in Samples.WholeCall(1))
                await spool.AppendAsync(told);

        Assert.Equal([1, 2, 3, 4], ReadAll("a").Select(told => told.Sequence));
    }

    [Fact]
    public async Task Durable_append_is_on_disk_when_it_returns()
    {
        using var spool = Open("a");
        await spool.AppendDurablyAsync(Samples.Event(1, 1, CallEventType.CallStarted));

        var bytes = await File.ReadAllBytesAsync(System.IO.Directory.GetFiles(_folder.Sub("a"), "*.log").Single());
        Assert.Equal(1, OpenCalls.ReadFrom(bytes, maxEnded: 10)!.Count);
    }

    [Fact]
    public async Task Open_call_of_a_dead_worker_is_closed_once_with_the_next_sequence_number()
    {
        using (var spool = Open("a"))
            foreach (var told in Samples.WholeCall(1).Take(3))
                await spool.AppendAsync(told);

        using (var again = Open("a")) Assert.Single(again.LostCalls);
        using (var third = Open("a")) Assert.Empty(third.LostCalls);

        var terminal = Assert.Single(ReadAll("a"), told => told.Type == CallEventType.CallEnded);
        Assert.Equal(4, terminal.Sequence);
        Assert.Equal("call-1.4", terminal.Id);
        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.WorkerLost), terminal.Outcome);
        Assert.Equal(Samples.Now.AddSeconds(3), terminal.ConnectedAt);
        Assert.Equal(_time.GetUtcNow(), terminal.Time);
    }

    [Fact]
    public void Folder_belongs_to_one_worker_at_a_time()
    {
        using (Open("a")) Assert.Throws<IOException>(() => Open("a"));
        using var free = Open("a");
    }

    [Fact]
    public async Task Ended_calls_are_known_over_restarts_for_an_hour()
    {
        using (var spool = Open("a"))
            foreach (var told in Samples.WholeCall(1))
                await spool.AppendAsync(told);

        using (var second = Open("a")) Assert.Equal(Samples.Call(1), Assert.Single(second.EndedCalls).CallId);
        using (var third = Open("a"))
        {
            Assert.Equal(Samples.Call(1), Assert.Single(third.EndedCalls).CallId);
            foreach (var told in Samples.WholeCall(2)) await third.AppendAsync(told with { Time = told.Time.AddHours(2) });
        }
        using var fourth = Open("a");
        Assert.Equal(Samples.Call(2), Assert.Single(fourth.EndedCalls).CallId);
    }

    [Fact]
    public async Task Call_that_never_connected_is_closed_as_failed()
    {
        using (var spool = Open("a")) await spool.AppendAsync(Samples.Event(1, 1, CallEventType.CallStarted));
        using (Open("a")) { }

        var terminal = ReadAll("a")[^1];
        Assert.Equal(new CallOutcome(CallResult.Failed, CallReasons.WorkerLost), terminal.Outcome);
        Assert.Equal(2, terminal.Sequence);
    }

    [Fact]
    public async Task Call_open_over_many_segments_is_still_known_when_its_own_segment_is_gone()
    {
        using (var spool = Open("a", segmentBytes: 2000))
        {
            await spool.AppendDurablyAsync(Samples.Event(0, 1, CallEventType.CallStarted));
            for (var call = 1; call <= 20; call++)
                foreach (var told in Samples.WholeCall(call))
                    await spool.AppendDurablyAsync(told);
        }
        var segments = System.IO.Directory.GetFiles(_folder.Sub("a"), "*.log").Order().ToArray();
        Assert.True(segments.Length > 5);
        foreach (var accepted in segments[..^1]) File.Delete(accepted);

        using (var again = Open("a")) Assert.Single(again.LostCalls);
        Assert.Equal(Samples.Call(0), ReadAll("a")[^1].CallId);
    }

    [Fact]
    public async Task Log_cut_at_any_byte_loses_only_what_was_cut_and_closes_every_open_call()
    {
        using (var spool = Open("whole"))
            foreach (var told in Samples.WholeCall(1).Zip(Samples.WholeCall(2)).SelectMany(pair => new[] { pair.First, pair.Second }))
                await spool.AppendAsync(told);
        var log = System.IO.Directory.GetFiles(_folder.Sub("whole"), "*.log").Single();
        var bytes = await File.ReadAllBytesAsync(log);

        for (var length = 0; length <= bytes.Length; length++)
        {
            var cut = _folder.Sub("cut-" + length);
            System.IO.Directory.CreateDirectory(cut);
            await File.WriteAllBytesAsync(Path.Combine(cut, Path.GetFileName(log)), bytes[..length]);
            var kept = ReadAll("cut-" + length).Count;
            using (Open("cut-" + length)) { }

            var events = ReadAll("cut-" + length);
            foreach (var call in events.GroupBy(told => told.CallId))
            {
                Assert.Equal(Enumerable.Range(1, call.Count()), call.Select(told => told.Sequence));
                Assert.Equal(CallEventType.CallEnded, call.Last().Type);
                Assert.Single(call, told => told.Type == CallEventType.CallEnded);
            }
            Assert.Equal(kept, events.Count(told => told.Outcome?.Reason != CallReasons.WorkerLost));
            System.IO.Directory.Delete(cut, recursive: true);
        }
    }

    [Fact]
    public async Task Any_damaged_byte_never_stops_the_worker_from_starting()
    {
        using (var spool = Open("whole"))
            foreach (var told in Samples.WholeCall(1))
                await spool.AppendAsync(told);
        var log = System.IO.Directory.GetFiles(_folder.Sub("whole"), "*.log").Single();
        var bytes = await File.ReadAllBytesAsync(log);

        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x5A;
            await File.WriteAllBytesAsync(log, bytes);
            bytes[at] ^= 0x5A;
            using (Open("whole")) { }
            var events = ReadAll("whole");
            Assert.Equal(events.DistinctBy(told => told.Id).Count(), events.Count);
            foreach (var later in System.IO.Directory.GetFiles(_folder.Sub("whole"), "*.log").Where(path => path != log)) File.Delete(later);
        }
    }

    [Fact]
    public async Task Acknowledgements_cut_at_any_byte_repeat_an_event_but_never_lose_one()
    {
        using (var spool = Open("a"))
            foreach (var told in Samples.WholeCall(1))
                await spool.AppendAsync(told);
        using (var segment = SpoolSegment.Open(_folder.Sub("a"), 1))
        {
            for (var ordinal = 0; ordinal < 3; ordinal++) segment.Ack(ordinal);
            segment.WriteAcks();
        }
        var path = System.IO.Directory.GetFiles(_folder.Sub("a"), "*.ack").Single();
        var bytes = await File.ReadAllBytesAsync(path);
        Assert.Equal(12, bytes.Length);

        for (var length = 0; length <= bytes.Length; length++)
        {
            await File.WriteAllBytesAsync(path, bytes[..length]);
            Assert.Equal(4 - (length / 4), ReadAll("a").Count);
        }
        await File.WriteAllBytesAsync(path, new byte[64]);
        Assert.Equal(4, ReadAll("a").Count);
    }

    private EventSpool Open(string name, int segmentBytes = 1 << 20) => EventSpool.Open(
        new EventOptions(_folder.Sub(name), "worker-1") { SegmentBytes = segmentBytes }, _time, NullLogger.Instance);

    private List<CallEvent> ReadAll(string name)
    {
        var reader = new SpoolReader((_, _) => { });
        var segments = SpoolSegment.Find(_folder.Sub(name)).Select(n => SpoolSegment.Open(_folder.Sub(name), n)).ToList();
        segments.ForEach(reader.Add);
        var events = new List<CallEvent>();
        while (reader.TryRead(out var next))
            events.Add(JsonSerializer.Deserialize(next.Json, ContractsJson.Default.CallEvent)!);
        segments.ForEach(segment => segment.Dispose());
        return events;
    }
}
