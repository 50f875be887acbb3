using System.Text;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Events;

/// <summary>
/// The calls that have a started event and no terminal one, as the spool has seen them. Each is kept as its started event with
/// the last sequence number used and the time it was connected: all that closing it needs. Beside them the calls that ended a
/// short while ago, so that one which is commanded again after a restart is known.
/// </summary>
/// <param name="maxEnded">Ended calls that are kept at most.</param>
internal sealed class OpenCalls(int maxEnded)
{
    // Commands are repeated within seconds; an hour leaves room for a worker that is long in coming back.
    private static readonly TimeSpan EndedFor = TimeSpan.FromHours(1);

    private readonly Dictionary<CallId, CallEvent> _calls = [];
    private readonly Queue<CallEvent> _ended = new();

    public int Count => _calls.Count;

    public IReadOnlyCollection<CallEvent> All => _calls.Values;

    /// <summary>Terminal events without legs, the oldest first.</summary>
    public IReadOnlyCollection<CallEvent> Ended => _ended;

    public void Apply(CallEvent told)
    {
        if (told.Type == CallEventType.CallEnded)
            End(told);
        else if (told.Type == CallEventType.CallStarted)
            _calls[told.CallId] = told;
        else if (_calls.TryGetValue(told.CallId, out var open))
            _calls[told.CallId] = open with { Sequence = told.Sequence, ConnectedAt = told.ConnectedAt ?? open.ConnectedAt };
    }

    /// <summary>
    /// What was open at the end of a segment: its checkpoint, and its events after that. Null when the checkpoint is not
    /// whole: then the segment holds nothing, because it takes events only once its checkpoint is on disk.
    /// </summary>
    public static OpenCalls? ReadFrom(ReadOnlySpan<byte> segment, int maxEnded)
    {
        var open = new OpenCalls(maxEnded);
        var whole = false;
        while (SpoolRecord.TryRead(segment, out var record) == SpoolReadVerdict.Record)
        {
            segment = segment[record.Size..];
            whole |= record.Kind == SpoolRecordKind.CheckpointEnd;
            if (record.Kind == SpoolRecordKind.OpenCall) open.Remember(record);
            if (record.Kind == SpoolRecordKind.EndedCall && Parse(record) is { } ended) open.End(ended);
            if (record.Kind == SpoolRecordKind.Event) open.Apply(record);
        }
        return whole ? open : null;
    }

    /// <summary>Closes every call: the terminal events to append, each with the next sequence number of its call.</summary>
    public IReadOnlyList<CallEvent> Close(DateTimeOffset now, string worker) =>
        [.. _calls.Values.Select(open => LostCall.Terminal(open, now, worker))];

    private static CallEvent? Parse(in SpoolRecord record) => JsonSerializer.Deserialize(record.Json, ContractsJson.Default.CallEvent);

    private void End(CallEvent terminal)
    {
        _calls.Remove(terminal.CallId);
        _ended.Enqueue(terminal with { Legs = null });
        while (_ended.Count > maxEnded || _ended.Peek().Time + EndedFor < terminal.Time) _ended.Dequeue();
    }

    private void Remember(in SpoolRecord record)
    {
        if (Parse(record) is { } open) _calls[open.CallId] = open;
    }

    private void Apply(in SpoolRecord record)
    {
        // Events other than these only move the sequence number on, so most of a segment is never parsed.
        var type = (CallEventType)record.Type;
        if (type is not (CallEventType.CallStarted or CallEventType.CallConnected or CallEventType.CallEnded))
        {
            if (CallId.TryParse(Encoding.ASCII.GetString(record.Id), out var id) && _calls.TryGetValue(id, out var open))
                _calls[id] = open with { Sequence = record.Sequence };
            return;
        }
        if (Parse(record) is { } told) Apply(told);
    }
}
