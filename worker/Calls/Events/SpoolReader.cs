using System.Text;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Events;

/// <summary>An event that waits to be posted.</summary>
internal readonly record struct PendingEvent(SpoolSegment Segment, int Ordinal, CallId CallId, byte[] Json);

/// <summary>
/// Reads the segments from the oldest to the one being written, handing out the events that were not accepted yet. It reads
/// from disk even what was written a moment ago: one path, and memory that does not grow with the backlog.
/// </summary>
internal sealed class SpoolReader(Action<int, long> onDamaged)
{
    private readonly Queue<SpoolSegment> _segments = new();
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _offset;
    private int _ordinal;

    public void Add(SpoolSegment segment) => _segments.Enqueue(segment);

    /// <summary>The next event to post; false when there is none now. Segments passed on the way get their event count.</summary>
    public bool TryRead(out PendingEvent next)
    {
        next = default;
        while (_segments.TryPeek(out var segment))
        {
            // Asked before reading: what is sealed cannot grow behind our back.
            var complete = segment.IsSealed;
            switch (ReadRecord(segment, out next))
            {
                case SpoolReadVerdict.Record when next.Json is not null: return true;
                case SpoolReadVerdict.Record: continue;
                case SpoolReadVerdict.NeedMore when !complete: return false;
                case var verdict: Leave(segment, verdict); continue;
            }
        }
        return false;
    }

    private SpoolReadVerdict ReadRecord(SpoolSegment segment, out PendingEvent next)
    {
        next = default;
        var verdict = SpoolRecord.TryRead(_buffer.AsSpan(_start, _end - _start), out var record);
        while (verdict == SpoolReadVerdict.NeedMore && Fill(segment))
            verdict = SpoolRecord.TryRead(_buffer.AsSpan(_start, _end - _start), out record);
        if (verdict != SpoolReadVerdict.Record) return verdict;
        _start += record.Size;
        if (record.Kind != SpoolRecordKind.Event) return verdict;
        var ordinal = _ordinal++;
        if (!segment.IsAcked(ordinal) && CallId.TryParse(Encoding.ASCII.GetString(record.Id), out var id))
            next = new PendingEvent(segment, ordinal, id, record.Json.ToArray());
        return verdict;
    }

    private bool Fill(SpoolSegment segment)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2); // Bounded by SpoolRecord.MaxBody.
        var read = segment.Read(_buffer.AsSpan(_end), _offset);
        _end += read;
        _offset += read;
        return read > 0;
    }

    private void Leave(SpoolSegment segment, SpoolReadVerdict verdict)
    {
        var lost = segment.DurableLength - _offset + (_end - _start);
        if (lost > 0 || verdict == SpoolReadVerdict.Damaged) onDamaged(segment.Number, lost);
        segment.EventCount = _ordinal;
        _segments.Dequeue();
        (_start, _end, _offset, _ordinal) = (0, 0, 0, 0);
    }
}
