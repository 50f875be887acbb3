using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Adapters;

/// <summary>Calls and idempotency keys as table entities, and back. Columns are only ever added.</summary>
internal static class CallEntities
{
    public static TableEntity Write(CallRecord row, string rowKey)
    {
        var received = row.Legs.Sum(l => l.Media?.PacketsReceived ?? 0);
        return new TableEntity(row.Domain, rowKey)
        {
            ["CallId"] = row.CallId.Value,
            ["Direction"] = Name(row.Direction),
            ["User"] = row.User,
            ["Destination"] = row.Destination,
            ["Asked"] = row.Asked,
            ["CallerId"] = row.CallerId,
            ["State"] = Name(row.State),
            ["RequestedAt"] = row.RequestedAt,
            ["StartedAt"] = row.StartedAt,
            ["ConnectedAt"] = row.ConnectedAt,
            ["EndedAt"] = row.EndedAt,
            ["TotalSeconds"] = row.TotalDuration?.TotalSeconds,
            ["TalkSeconds"] = row.TalkDuration?.TotalSeconds,
            ["Result"] = row.Outcome is { } outcome ? Name(outcome.Result) : null,
            ["Reason"] = row.Outcome?.Reason,
            ["SipStatus"] = row.Outcome?.SipStatus,
            ["DevicesRung"] = JsonSerializer.Serialize(row.DevicesRung.Items, AppJson.Default.IReadOnlyListString),
            ["AnsweredDevice"] = row.AnsweredDevice,
            ["Trunk"] = row.Trunk,
            ["PacketsReceived"] = received,
            ["PacketsLost"] = row.Legs.Sum(l => l.Media?.PacketsLost ?? 0),
            ["Legs"] = JsonSerializer.Serialize(row.Legs.Items, AppJson.Default.IReadOnlyListLegSummary),
            ["Worker"] = row.Worker,
            ["TraceParent"] = row.TraceParent,
            ["Seen"] = row.Seen.ToString(),
            ["LastEventAt"] = row.LastEventAt,
            ["AttemptedAt"] = row.AttemptedAt,
            ["ConfirmedAt"] = row.ConfirmedAt,
            ["HeardAt"] = row.HeardAt,
            ["DoubtedAt"] = row.DoubtedAt,
            ["EndSequence"] = row.EndSequence,
            ["IsForeign"] = row.IsForeign ? true : null,
            ["AbandonedAt"] = row.AbandonedAt,
            ["Pbx"] = row.Pbx is { } pbx ? JsonSerializer.Serialize(pbx, AppJson.Default.PbxCallDetails) : null,
            ["HandedOn"] = row.HandedOn == 0 ? null : row.HandedOn,
            ["GapSince"] = row.GapSince,
            ["WatchedBy"] = row.WatchedBy,
        };
    }

    public static CallRecord Read(TableEntity e) => new()
    {
        CallId = CallId.Parse(e.GetString("CallId")),
        Domain = e.PartitionKey,
        Direction = Value<CallDirection>(e.GetString("Direction")),
        User = e.GetString("User"),
        Destination = e.GetString("Destination"),
        Asked = e.GetString("Asked"),
        CallerId = e.GetString("CallerId"),
        State = Value<CallState>(e.GetString("State")),
        RequestedAt = e.GetDateTimeOffset("RequestedAt"),
        StartedAt = e.GetDateTimeOffset("StartedAt"),
        ConnectedAt = e.GetDateTimeOffset("ConnectedAt"),
        EndedAt = e.GetDateTimeOffset("EndedAt"),
        Outcome = ReadOutcome(e),
        DevicesRung = new TextList([.. JsonSerializer.Deserialize(e.GetString("DevicesRung"), AppJson.Default.IReadOnlyListString)!]),
        AnsweredDevice = e.GetString("AnsweredDevice"),
        Trunk = e.GetString("Trunk"),
        Legs = new LegList([.. JsonSerializer.Deserialize(e.GetString("Legs"), AppJson.Default.IReadOnlyListLegSummary)!]),
        Worker = e.GetString("Worker"),
        TraceParent = e.GetString("TraceParent"),
        Seen = SequenceSet.Parse(e.GetString("Seen")),
        LastEventAt = e.GetDateTimeOffset("LastEventAt"),
        AttemptedAt = e.GetDateTimeOffset("AttemptedAt"),
        ConfirmedAt = e.GetDateTimeOffset("ConfirmedAt"),
        HeardAt = e.GetDateTimeOffset("HeardAt"),
        DoubtedAt = e.GetDateTimeOffset("DoubtedAt"),
        EndSequence = e.GetInt32("EndSequence"),
        IsForeign = e.GetBoolean("IsForeign") ?? false,
        AbandonedAt = e.GetDateTimeOffset("AbandonedAt"),
        Pbx = e.GetString("Pbx") is { } pbx ? JsonSerializer.Deserialize(pbx, AppJson.Default.PbxCallDetails) : null,
        HandedOn = e.GetInt32("HandedOn") ?? 0,
        GapSince = e.GetDateTimeOffset("GapSince"),
        WatchedBy = e.GetString("WatchedBy"),
    };

    public static TableEntity Write(string mark, PlacedCall placed) => new(placed.Command.Domain, CallKeys.Placed(mark))
    {
        ["CallId"] = placed.CallId.Value,
        ["Fingerprint"] = placed.Fingerprint,
        ["Command"] = JsonSerializer.Serialize(placed.Command, AppJson.Default.OriginateCommand),
        ["RequestedAt"] = placed.RequestedAt,
        ["Accepted"] = placed.Accepted,
    };

    public static PlacedCall ReadPlaced(TableEntity e) => new(
        CallId.Parse(e.GetString("CallId")),
        e.GetString("Fingerprint"),
        JsonSerializer.Deserialize(e.GetString("Command"), AppJson.Default.OriginateCommand)!,
        e.GetDateTimeOffset("RequestedAt")!.Value,
        e.GetBoolean("Accepted") ?? false);

    /// <summary>The name of the contract, as in JSON.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => ContractNames<T>.Of(value);

    private static T Value<T>(string name)
        where T : struct, Enum => ContractNames<T>.Parse(name);

    private static CallOutcome? ReadOutcome(TableEntity e) =>
        e.GetString("Result") is { } result
            ? new CallOutcome(Value<CallResult>(result), e.GetString("Reason") ?? "", e.GetInt32("SipStatus"))
            : null;
}
