using System.Diagnostics;
using System.Text.Json;
using ClickToDial.Contracts.Telemetry;

namespace ClickToDial.Contracts.Tests.Telemetry;

/// <summary>Spans of ours continue what the message says, whatever else is current.</summary>
public sealed class SpanTests : IAsyncDisposable
{
    private const string Sender = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"spans-{Guid.NewGuid():N}.jsonl");
    private readonly ActivitySource _source = new($"ClickToDial.Test{Guid.NewGuid():N}");

    [Fact]
    public async Task A_span_continues_the_sender_and_not_what_a_framework_has_made_current()
    {
        using var framework = new Activity("of a framework").Start();
        await using (new SpanFile(_path, "test"))
        {
            var outer = _source.Begin("outer", ActivityKind.Server, Sender);
            Assert.Equal(outer!.Id, Spans.Current);
            var inner = _source.BeginWithin("inner", ActivityKind.Client);
            inner.End();
            Assert.Same(outer, Activity.Current);
            outer.SetTag("number", 7).SetStatus(ActivityStatusCode.Error);
            outer.End();
            _source.Begin("alone", ActivityKind.Consumer, "no trace context").End();
        }

        var spans = Lines();
        Assert.Equal(["inner", "outer", "alone"], spans.Select(s => s.GetProperty("name").GetString()));
        Assert.Equal(spans[1].GetProperty("span").GetString(), spans[0].GetProperty("parent").GetString());
        Assert.Equal("b7ad6b7169203331", spans[1].GetProperty("parent").GetString());
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", spans[1].GetProperty("trace").GetString());
        Assert.Equal("7", spans[1].GetProperty("tags").GetProperty("number").GetString());
        Assert.True(spans[1].GetProperty("failed").GetBoolean());
        Assert.False(spans[2].TryGetProperty("parent", out _));
    }

    [Fact]
    public void Nothing_begins_where_nobody_listens_or_within_nothing()
    {
        using var framework = new Activity("of a framework").Start();
        Assert.Null(_source.BeginWithin("inner", ActivityKind.Client));
        Assert.Null(Spans.Current);
    }

    [Fact]
    public async Task A_span_that_ends_elsewhere_leaves_what_is_current_there()
    {
        await using var file = new SpanFile(_path, "test");
        var other = _source.Begin("other", ActivityKind.Internal, null);
        Activity.Current = null;
        using var here = new Activity("here").Start();
        other.End();
        Assert.Same(here, Activity.Current);
    }

    [Fact]
    public void Numbers_are_stars_unless_support_looks()
    {
        Assert.Equal("***", Stars.Of("+12025550142"));
        Assert.Equal("", Stars.Of(null));
    }

    [Fact]
    public async Task A_file_that_was_there_is_continued_until_it_is_too_large()
    {
        await File.WriteAllTextAsync(_path, "{}\n", TestContext.Current.CancellationToken);
        await using (new SpanFile(_path, "test")) _source.Begin("one", ActivityKind.Internal, null).End();
        Assert.Equal(2, Lines().Count);
        await using (var large = File.OpenWrite(_path)) large.SetLength(SpanFile.LargestKept + 1);
        await using (new SpanFile(_path, "test")) _source.Begin("two", ActivityKind.Internal, null).End();
        Assert.Single(Lines());
    }

    public ValueTask DisposeAsync()
    {
        _source.Dispose();
        File.Delete(_path);
        return ValueTask.CompletedTask;
    }

    private List<JsonElement> Lines() => [.. File.ReadAllLines(_path).Select(line => JsonElement.Parse(line))
        .Where(line => !line.TryGetProperty("trace", out _) || line.GetProperty("part").GetString() == "test")];
}
