using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>Deliveries as rows. A body is cut into pieces that fit a cell.</summary>
internal static class DeliveryEntities
{
    private const int Piece = 60 * 1024;
    private const int MaxPieces = 14;

    /// <summary>Of the row of a lane: what is pending in it.</summary>
    public const string Waiting = nameof(Waiting);

    /// <summary>Longest body that fits a row.</summary>
    public const int MaxBody = Piece * MaxPieces;

    public static TableEntity Write(Delivery d)
    {
        var row = new TableEntity(DeliveryKeys.Partition(d.Domain, d.Subscription), DeliveryKeys.Delivery + d.Id)
        {
            ["EventId"] = d.EventId,
            ["Trigger"] = d.Trigger,
            ["Lane"] = d.Lane,
            ["Place"] = d.Place,
            ["CreatedAt"] = d.CreatedAt,
            ["TraceParent"] = d.TraceParent,
            ["Status"] = d.Status.ToString(),
            ["Attempts"] = d.Attempts,
            ["DueAt"] = d.DueAt,
            ["FinishedAt"] = d.FinishedAt,
            ["Reason"] = d.Reason,
            ["History"] = JsonSerializer.SerializeToUtf8Bytes(d.History, AppJson.Default.IReadOnlyListDeliveryAttempt),
        };
        for (var i = 0; i * Piece < d.Body.Length; i++) row[$"Body{i}"] = d.Body.AsSpan(i * Piece, Math.Min(Piece, d.Body.Length - (i * Piece))).ToArray();
        return row;
    }

    public static TableEntity Write(LanePlace place, Lane lane) => new(place.Partition, place.RowKey)
    {
        [Waiting] = JsonSerializer.SerializeToUtf8Bytes(lane.Entries, AppJson.Default.IReadOnlyListString),
    };

    public static Lane ReadLane(TableEntity row) => new(JsonSerializer.Deserialize(row.GetBinary(Waiting), AppJson.Default.IReadOnlyListString)!);

    public static Delivery Read(TableEntity row)
    {
        var split = row.PartitionKey.IndexOf('|', StringComparison.Ordinal);
        return new Delivery
        {
            Domain = row.PartitionKey[..split],
            Subscription = row.PartitionKey[(split + 1)..],
            Id = row.RowKey[DeliveryKeys.Delivery.Length..],
            EventId = row.GetString("EventId"),
            Trigger = row.GetString("Trigger"),
            Lane = row.GetString("Lane"),
            Place = row.GetString("Place"),
            CreatedAt = row.GetDateTimeOffset("CreatedAt")!.Value,
            TraceParent = row.GetString("TraceParent"),
            Status = Enum.Parse<DeliveryStatus>(row.GetString("Status")),
            Attempts = row.GetInt32("Attempts")!.Value,
            DueAt = row.GetDateTimeOffset("DueAt"),
            FinishedAt = row.GetDateTimeOffset("FinishedAt"),
            Reason = row.GetString("Reason"),
            History = JsonSerializer.Deserialize(row.GetBinary("History"), AppJson.Default.IReadOnlyListDeliveryAttempt)!,
            Body = [.. Enumerable.Range(0, MaxPieces).Select(i => row.GetBinary($"Body{i}")).TakeWhile(p => p is not null).SelectMany(p => p)],
            Version = row.ETag.ToString(),
        };
    }
}
