using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Pbx;

namespace ClickToDial.App.Adapters;

/// <summary>
/// Table PbxItems, partition by domain: <c>q|</c> queue calls and so on for each kind, newest first, and the same once more for each
/// queue, ring group or call, so that a list for one of them reads no row of another.
/// </summary>
public sealed class TablePbxItemStore(StorageClients storage, AppMetrics metrics) : IPbxItemStore
{
    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.PbxItems);

    public async Task<bool> TryAddAsync(PbxItem item, CancellationToken stop)
    {
        var position = CallKeys.Position(item.At, item.Id);
        List<string> rows = [Prefix(item.Kind) + position];
        if (item.Group is { } group) rows.Add(Prefix(item.Kind, group) + position);
        try
        {
            await _table.SubmitTransactionAsync(rows.Select(r => new TableTransactionAction(TableTransactionActionType.Add, Write(item, r))), stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    public async Task<PbxItemPage> ListAsync(PbxItemQuery query, CancellationToken stop)
    {
        IReadOnlyList<string> lists = query.Groups.Count == 0 ? [Prefix(query.Kind)] : [.. query.Groups.Select(g => Prefix(query.Kind, g))];
        var rows = new RangeReader(_table, metrics).Open(
            new RangeReader.Range(query.Domain, lists, query.From, query.To, query.After), query.Offset + query.Limit);
        var items = new List<PbxItem>();
        string? last = null;
        for (var i = 0; items.Count < query.Limit && await rows.NextAsync(stop) is { } next; i++)
        {
            last = next.Position;
            if (i >= query.Offset) items.Add(Read(next.Row));
        }

        return new PbxItemPage(items, rows.MayHaveMore ? last : null);
    }

    private static string Prefix(PbxItemKind kind) => kind switch
    {
        PbxItemKind.QueueCall => "q|",
        PbxItemKind.RingGroupCall => "r|",
        PbxItemKind.Recording => "c|",
        PbxItemKind.Voicemail => "v|",
        PbxItemKind.Component => "w|",
        _ => "z|",
    };

    private static string Prefix(PbxItemKind kind, string group) => $"g{Prefix(kind)}{PbxIds.Key(group)}|";

    private static TableEntity Write(PbxItem item, string rowKey) => new(item.Domain, rowKey)
    {
        ["Kind"] = item.Kind.ToString(),
        ["Id"] = item.Id,
        ["At"] = item.At,
        ["ReceivedAt"] = item.ReceivedAt,
        // Binary: a text may hold half as much.
        ["Event"] = JsonSerializer.SerializeToUtf8Bytes(item.Event, AppJson.Default.PbxEvent),
        ["Raw"] = item.Raw,
    };

    private static PbxItem Read(TableEntity e) => new(
        e.PartitionKey,
        Enum.Parse<PbxItemKind>(e.GetString("Kind")),
        e.GetString("Id"),
        e.GetDateTimeOffset("At")!.Value,
        e.GetDateTimeOffset("ReceivedAt")!.Value,
        JsonSerializer.Deserialize(e.GetBinary("Event"), AppJson.Default.PbxEvent)!,
        e.GetString("Raw"));
}
