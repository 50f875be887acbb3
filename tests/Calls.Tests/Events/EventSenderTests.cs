using System.Net;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Events;

public sealed class EventSenderTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EventReceiver _receiver = null!;
    private EventSpool _spool = null!;
    private EventSender _sender = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        _http = new HttpClient();
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Events_of_many_calls_arrive_once_each_in_order_per_call()
    {
        var calls = Enumerable.Range(0, 300).ToArray();
        for (var step = 0; step < 4; step++)
            foreach (var call in calls)
                await _spool.AppendAsync(Samples.WholeCall(call).ElementAt(step));
        await FlushAsync();

        Assert.Equal(1200, _receiver.Accepted.Count);
        foreach (var call in calls)
            Assert.Equal([1, 2, 3, 4], _receiver.Of(Samples.Call(call)).Select(told => told.Sequence));
    }

    [Fact]
    public async Task Receiver_that_is_down_gets_everything_later_in_order()
    {
        var port = _receiver.Address.Port;
        await _receiver.DisposeAsync();
        foreach (var told in Samples.WholeCall(1)) await _spool.AppendDurablyAsync(told);
        var token = _receiver.Token;
        _receiver = await EventReceiver.StartAsync(port);
        await StopAsync();
        Start();
        await FlushAsync();

        Assert.Equal([1, 2, 3, 4], _receiver.Of(Samples.Call(1)).Select(told => told.Sequence));
        Assert.NotEqual(token, _receiver.Token);
    }

    [Fact]
    public async Task Refused_event_is_tried_again_before_the_next_of_its_call()
    {
        var refusals = 3;
        _receiver.Refuse = told => told.Sequence == 2 && Interlocked.Decrement(ref refusals) >= 0 ? HttpStatusCode.ServiceUnavailable : null;
        foreach (var told in Samples.WholeCall(1)) await _spool.AppendAsync(told);
        await FlushAsync();

        Assert.Equal([1, 2, 3, 4], _receiver.Of(Samples.Call(1)).Select(told => told.Sequence));
        Assert.Equal(3, _receiver.Refused.Count);
    }

    [Fact]
    public async Task Event_that_is_never_accepted_delays_only_its_own_call()
    {
        _receiver.Refuse = told => told.CallId == Samples.Call(1) ? HttpStatusCode.BadRequest : null;
        foreach (var told in Samples.WholeCall(1)) await _spool.AppendAsync(told);
        await _receiver.WaitForRefusalAsync();
        foreach (var told in Samples.WholeCall(2)) await _spool.AppendAsync(told);
        await _receiver.NextAsync(Samples.Call(2), CallEventType.CallEnded);

        Assert.Empty(_receiver.Of(Samples.Call(1)));
        Assert.All(_receiver.Refused, told => Assert.Equal(1, told.Sequence));
    }

    [Fact]
    public async Task Restart_posts_only_what_was_not_accepted()
    {
        foreach (var told in Samples.WholeCall(1)) await _spool.AppendAsync(told);
        await FlushAsync();
        await StopAsync();
        Start();
        foreach (var told in Samples.WholeCall(2)) await _spool.AppendAsync(told);
        await FlushAsync();

        Assert.Equal(8, _receiver.Accepted.Count);
    }

    [Fact]
    public async Task Segments_whose_events_are_accepted_are_deleted()
    {
        for (var call = 0; call < 200; call++)
            foreach (var told in Samples.WholeCall(call))
                await _spool.AppendDurablyAsync(told);
        await FlushAsync();

        var left = System.IO.Directory.GetFiles(_folder.Path, "*.log");
        Assert.True(left.Length <= 2, $"{left.Length} segments are left");
    }

    [Fact]
    public async Task Backlog_larger_than_memory_allows_is_posted_whole()
    {
        _receiver.Refuse = _ => HttpStatusCode.ServiceUnavailable;
        for (var call = 0; call < 100; call++)
            foreach (var told in Samples.WholeCall(call))
                await _spool.AppendAsync(told);
        await _receiver.WaitForRefusalAsync();
        _receiver.Refuse = _ => null;
        await FlushAsync();

        Assert.Equal(400, _receiver.Accepted.Count);
        foreach (var call in Enumerable.Range(0, 100))
            Assert.Equal([1, 2, 3, 4], _receiver.Of(Samples.Call(call)).Select(told => told.Sequence));
    }

    [Fact]
    public async Task Disk_that_refuses_acknowledgements_stops_nothing_and_shows_until_it_takes_them()
    {
        // A folder stands where the acknowledgement file is to be written.
        var segment = Path.GetFileNameWithoutExtension(System.IO.Directory.GetFiles(_folder.Path, "*.log").Single());
        var obstacle = System.IO.Directory.CreateDirectory(_folder.Sub(segment + ".ack"));
        foreach (var told in Samples.WholeCall(1)) await _spool.AppendAsync(told);
        for (var i = 0; i < 4; i++) await _receiver.NextAsync();
        foreach (var told in Samples.WholeCall(2)) await _spool.AppendAsync(told);
        for (var i = 0; i < 4; i++) await _receiver.NextAsync();
        Assert.False(_spool.IsHealthy);

        obstacle.Delete();
        await FlushAsync();
        Assert.True(_spool.IsHealthy);
        await StopAsync();
        Start();
        await FlushAsync();
        Assert.Equal(8, _receiver.Accepted.Count);
    }

    [Fact]
    public async Task Events_told_while_the_sender_is_gone_are_posted_after_a_restart()
    {
        await _sender.DisposeAsync();
        foreach (var told in Samples.WholeCall(1)) await _spool.AppendDurablyAsync(told).WaitAsync(Patience.Limit);
        _spool.Dispose();
        Start();
        await FlushAsync();

        Assert.Equal([1, 2, 3, 4], _receiver.Of(Samples.Call(1)).Select(told => told.Sequence));
    }

    private void Start()
    {
        var options = new EventOptions(_folder.Path, "worker-1")
        {
            SegmentBytes = 8192,
            MaxLoaded = 50,
            FirstRetry = TimeSpan.FromMilliseconds(5),
            LongestRetry = TimeSpan.FromMilliseconds(50),
        };
        _spool = EventSpool.Open(options, TimeProvider.System, NullLogger.Instance);
        var poster = new WebhookPoster(_http, _receiver.Address, _receiver.Token, options.PostDeadline, TimeProvider.System);
        _sender = new EventSender(_spool, poster, options, TimeProvider.System, new Random(1), NullLogger<EventSender>.Instance);
    }

    private async Task StopAsync()
    {
        await _sender.DisposeAsync();
        _spool.Dispose();
    }

    private Task FlushAsync() => _sender.FlushAsync(CancellationToken.None).WaitAsync(Patience.Limit);
}
