using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>The head of an instance as a table row. An empty text stands for none: a merge cannot remove a property.</summary>
internal static class StateRow
{
    /// <summary>All of it.</summary>
    public static TableEntity Full(string partition, InstanceState state)
    {
        var row = Changing(partition, state);
        row["InstanceId"] = state.InstanceId;
        row["Name"] = state.Name;
        row["CreatedAt"] = state.CreatedAt;
        if (state.StartAt is { } startAt) row["StartAt"] = startAt;
        if (state.Parent is { } parent)
        {
            row["ParentId"] = parent.InstanceId;
            row["ParentName"] = parent.Name;
            row["ParentExecution"] = parent.ExecutionId;
            row["ParentTask"] = parent.TaskId;
        }
        if (state.Tags is { Count: > 0 } tags) row["Tags"] = HistoryJson.Write(tags);
        AddInput(row, state);
        return row;
    }

    /// <summary>What may differ between two writes.</summary>
    public static TableEntity Difference(string partition, InstanceState before, InstanceState after)
    {
        var row = Changing(partition, after);
        if (!string.Equals(before.ExecutionId, after.ExecutionId, StringComparison.Ordinal)) AddInput(row, after);
        if (!after.HasEnded) return row;
        row["Output"] = after.Output ?? "";
        row["OutputElsewhere"] = after.OutputElsewhere;
        row["Failure"] = after.Failure is null ? "" : HistoryJson.Write(after.Failure);
        return row;
    }

    public static InstanceState Read(TableEntity row) => new()
    {
        InstanceId = row.GetString("InstanceId"),
        Name = row.GetString("Name"),
        ExecutionId = row.GetString("ExecutionId"),
        Generation = row.GetInt32("Generation") ?? 0,
        Turns = row.GetInt32("Turns") ?? 0,
        Status = Enum.Parse<OrchestrationRuntimeStatus>(row.GetString("Status")),
        CreatedAt = row.GetDateTimeOffset("CreatedAt") ?? default,
        UpdatedAt = row.GetDateTimeOffset("UpdatedAt") ?? default,
        StartAt = row.GetDateTimeOffset("StartAt"),
        Input = Text(row, "Input"),
        InputElsewhere = row.GetBoolean("InputElsewhere") ?? false,
        Output = Text(row, "Output"),
        OutputElsewhere = row.GetBoolean("OutputElsewhere") ?? false,
        CustomStatus = Text(row, "CustomStatus"),
        Failure = Text(row, "Failure") is { } failure ? HistoryJson.Read<TaskFailureDetails>(failure) : null,
        Parent = Text(row, "ParentId") is { } parent
            ? new ParentLink(parent, row.GetString("ParentName"), row.GetString("ParentExecution"), row.GetInt32("ParentTask") ?? 0)
            : null,
        Tags = Text(row, "Tags") is { } tags ? HistoryJson.Read<IReadOnlyDictionary<string, string>>(tags) : null,
        Owner = row.GetString("Owner") ?? "",
        CommitId = row.GetString("CommitId") ?? "",
    };

    private static TableEntity Changing(string partition, InstanceState state) => new(partition, DurableKeys.State)
    {
        ["ExecutionId"] = state.ExecutionId,
        ["Generation"] = state.Generation,
        ["Turns"] = state.Turns,
        ["Status"] = state.Status.ToString(),
        ["UpdatedAt"] = state.UpdatedAt,
        ["CustomStatus"] = state.CustomStatus ?? "",
        ["Owner"] = state.Owner,
        ["CommitId"] = state.CommitId,
    };

    private static void AddInput(TableEntity row, InstanceState state)
    {
        row["Input"] = state.Input ?? "";
        row["InputElsewhere"] = state.InputElsewhere;
    }

    private static string? Text(TableEntity row, string property) => row.GetString(property) is { Length: > 0 } text ? text : null;
}
