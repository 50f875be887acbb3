using ClickToDial.Calls.Recording;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Tests.Recording;

public sealed class RecordingShelfTests : IDisposable
{
    private static readonly RecordingCard Card = new(
        CallId.Parse("c1"), "rec-1", new CallParties("demo.test", CallDirection.Outbound, "101", "102", DateTimeOffset.UnixEpoch), DateTimeOffset.UnixEpoch);

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void RecordingUnderWay_CanBeNeitherFetchedNorDeleted()
    {
        var shelf = WithSound();

        Assert.Null(shelf.TryOpen(Card.Id));
        Assert.False(shelf.TryRemove(Card.Id));
        Assert.True(File.Exists(shelf.PathOf(Card.Id)));
    }

    [Fact]
    public void ClosedOne_CanBeFetched_AndIsStillToBeTold()
    {
        var shelf = WithSound();
        shelf.Close(Card);

        using (var sound = shelf.TryOpen(Card.Id)) Assert.Equal(3, sound!.Length);
        Assert.Equal([Card.Id], new RecordingShelf(_folder.FullName).Untold().Select(card => card.Id));
    }

    [Fact]
    public void ToldOne_IsNotToldAgain_AndGoesWhenItIsSafe()
    {
        var shelf = WithSound();
        shelf.Tell(Card);

        Assert.Empty(new RecordingShelf(_folder.FullName).Untold());
        Assert.True(shelf.TryRemove(Card.Id));
        Assert.True(shelf.TryRemove(Card.Id));
        Assert.Empty(_folder.EnumerateFiles());
    }

    [Fact]
    public void CardThatCannotBeRead_DeletesNothing()
    {
        var shelf = WithSound();
        File.WriteAllText(Path.ChangeExtension(shelf.PathOf(Card.Id), ".json"), "{\"CallId\":");

        Assert.False(shelf.TryRemove(Card.Id));
        Assert.True(File.Exists(shelf.PathOf(Card.Id)));
    }

    [Theory]
    [InlineData("../c1.rec-1")]
    [InlineData("c1..rec-1")]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    public void IdThatLeadsElsewhere_FindsNothing(string id)
    {
        var shelf = WithSound();

        Assert.Null(shelf.TryOpen(id));
        Assert.True(shelf.TryRemove(id));
        Assert.True(File.Exists(shelf.PathOf(Card.Id)));
    }

    private RecordingShelf WithSound()
    {
        var shelf = new RecordingShelf(_folder.FullName);
        shelf.Begin(Card);
        File.WriteAllBytes(shelf.PathOf(Card.Id), [1, 2, 3]);
        return shelf;
    }
}
