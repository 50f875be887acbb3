using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace ClickToDial.Contracts.Telemetry;

/// <summary>
/// Writes each ended span of ours as one JSON line to a file, for one machine without a collector. Whoever ends a span never waits: lines
/// that the disk does not take in time are dropped.
/// </summary>
public sealed class SpanFile : IAsyncDisposable
{
    /// <summary>A file that has grown beyond this is begun anew at the next start.</summary>
    public const long LargestKept = 64 * 1024 * 1024;

    private const int Waiting = 10_000;

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ActivityListener _listener;
    private readonly FileStream _file;
    private readonly string _part;
    private readonly Task _writing;

    /// <param name="part">Said on every line, such as "worker".</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public SpanFile(string path, string part)
    {
        _part = part;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) System.IO.Directory.CreateDirectory(folder);
        var isLarge = File.Exists(path) && new FileInfo(path).Length > LargestKept;
        _file = new FileStream(path, isLarge ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        _writing = WriteAsync();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => Spans.IsOurs(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _lines.Writer.TryWrite(Line(span, _part)),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _lines.Writer.TryComplete();
        await _writing;
        await _file.DisposeAsync();
    }

    private static byte[] Line(Activity span, string part)
    {
        using var memory = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, span.StartTimeUtc);
            json.WriteNumber("ms"u8, Math.Round(span.Duration.TotalMilliseconds, 3));
            json.WriteString("part"u8, part);
            json.WriteString("name"u8, span.DisplayName);
            json.WriteString("kind"u8, span.Kind.ToString());
            json.WriteString("trace"u8, span.TraceId.ToHexString());
            json.WriteString("span"u8, span.SpanId.ToHexString());
            if (span.ParentSpanId != default) json.WriteString("parent"u8, span.ParentSpanId.ToHexString());
            if (span.Status == ActivityStatusCode.Error) json.WriteBoolean("failed"u8, true);
            json.WriteStartObject("tags"u8);
            foreach (var (name, value) in span.TagObjects) json.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        memory.WriteByte((byte)'\n');
        return memory.ToArray();
    }

    private async Task WriteAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            try
            {
                await _file.WriteAsync(line);
                if (!_lines.Reader.TryPeek(out _)) await _file.FlushAsync();
            }
            catch (IOException)
            {
                // A full disk must not end the process for want of a trace.
            }
        }
    }
}
