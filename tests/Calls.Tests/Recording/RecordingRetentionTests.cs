using ClickToDial.Calls.Recording;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Recording;

/// <summary>What becomes of recordings that nobody fetches.</summary>
public sealed class RecordingRetentionTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<RecordingRetention> _made = [];
    private readonly RecordingShelf _shelf;

    public RecordingRetentionTests() => _shelf = new RecordingShelf(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        foreach (var retention in _made) await retention.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Older_than_the_limit_goes_and_one_under_way_stays_however_old()
    {
        Finished("old", daysAgo: 8);
        Finished("new", daysAgo: 6);
        Begun("running", daysAgo: 100);
        Retention(new RecordingSettings { KeepDays = 7 }).Sweep();
        Assert.Equal(["new", "running"], Left());
    }

    [Fact]
    public void Zero_days_keep_for_ever()
    {
        Finished("old", daysAgo: 3000);
        Retention(new RecordingSettings { KeepDays = 0 }).Sweep();
        Assert.Equal(["old"], Left());
    }

    [Fact]
    public void Beyond_the_size_the_oldest_go_first_and_no_more_than_needed()
    {
        Finished("a", daysAgo: 3, megabytes: 2);
        Finished("b", daysAgo: 2, megabytes: 2);
        Finished("c", daysAgo: 1, megabytes: 2);
        Retention(new RecordingSettings { MaxMegabytes = 4 }).Sweep();
        Assert.Equal(["b", "c"], Left());
        Assert.Equal((2, 4L << 20), _shelf.Load());
    }

    private RecordingRetention Retention(RecordingSettings settings)
    {
        var retention = new RecordingRetention(_shelf, settings, _time, NullLogger.Instance);
        _made.Add(retention);
        return retention;
    }

    private IEnumerable<string> Left() => System.IO.Directory.GetFiles(_folder.Path, "*.wav").Select(path => Path.GetFileName(path).Split('.')[0]).Order();

    private RecordingCard Begun(string call, int daysAgo, int megabytes = 1)
    {
        var card = new RecordingCard(
            CallId.Parse(call), "rec-1", new CallParties("demo.test", CallDirection.Outbound, "101", "102", _time.GetUtcNow()), _time.GetUtcNow());
        _shelf.Begin(card);
        using (var file = File.Create(_shelf.PathOf(card.Id))) file.SetLength((long)megabytes << 20);
        File.SetLastWriteTimeUtc(_shelf.PathOf(card.Id), _time.GetUtcNow().UtcDateTime.AddDays(-daysAgo));
        return card;
    }

    private void Finished(string call, int daysAgo, int megabytes = 1) => _shelf.Close(Begun(call, daysAgo, megabytes));
}
