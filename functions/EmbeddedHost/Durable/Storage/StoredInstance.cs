using Azure;
using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>Everything stored about one instance, as it was read.</summary>
/// <param name="HistoryRows">Rows of the current execution's steps.</param>
/// <param name="Garbage">Rows of earlier executions.</param>
internal sealed record StoredInstance(
    InstanceState State,
    ETag ETag,
    IReadOnlyList<Turn> Turns,
    IReadOnlyList<Message> Inbox,
    IReadOnlyList<OutgoingMessage> Outbox,
    IReadOnlyList<string> HistoryRows,
    IReadOnlyList<string> Garbage)
{
    /// <exception cref="InvalidDataException">Steps are missing.</exception>
    public static StoredInstance From(TableEntity head, IReadOnlyList<TableEntity> rows)
    {
        var state = StateRow.Read(head);
        var history = rows.Where(row => row.RowKey[0] == DurableKeys.HistoryKind)
            .ToLookup(row => DurableKeys.GenerationOf(row.RowKey) == state.Generation);
        var current = history[true].Where(row => DurableKeys.IsCommitted(row.RowKey, state)).ToList();
        var turns = ChunkedText.Read(current).Select(t => HistoryJson.Read<Turn>(t.Text)).ToList();
        if (turns.Count != state.Turns)
            throw new InvalidDataException($"Instance '{state.InstanceId}' has {turns.Count} of {state.Turns} steps in storage.");
        var outbox = rows.Where(row => row.RowKey[0] == DurableKeys.OutgoingKind && DurableKeys.IsCommitted(row.RowKey, state));
        return new StoredInstance(
            state,
            head.ETag,
            turns,
            Messages(rows),
            [.. ChunkedText.Read(outbox).Select(t => HistoryJson.Read<OutgoingMessage>(t.Text) with { Rows = t.Rows })],
            [.. current.Select(row => row.RowKey)],
            [.. history[false].Select(row => row.RowKey)]);
    }

    public static IReadOnlyList<Message> Messages(IEnumerable<TableEntity> rows) =>
    [
        .. ChunkedText.Read(rows.Where(row => row.RowKey[0] == DurableKeys.MessageKind))
            .Select(t => HistoryJson.Read<Message>(t.Text) with { Rows = t.Rows }),
    ];
}
