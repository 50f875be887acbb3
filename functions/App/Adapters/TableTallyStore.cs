using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Guard;

namespace ClickToDial.App.Adapters;

/// <summary>Table CallRates: a row for each user, address and destination, partition by domain, changed together or not at all.</summary>
public sealed class TableTallyStore(StorageClients storage, TimeProvider time) : ITallyStore
{
    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.CallRates);

    public async Task<TallyRefusal?> CountAsync(
        string domain, IReadOnlyList<TallySubject> subjects, string mark, IReadOnlySet<string> ended, CancellationToken stop)
    {
        for (var i = 0; i < OptimisticTable.MaxTries; i++)
        {
            var rows = await ReadAsync(domain, subjects, stop);
            var (changes, refusal) = Decide(domain, subjects, rows, mark, ended);
            if (changes.Count == 0 || await TryWriteAsync(changes, stop)) return refusal;
        }

        throw new EntityContendedException();
    }

    private (List<TableTransactionAction> Changes, TallyRefusal? Refusal) Decide(
        string domain, IReadOnlyList<TallySubject> subjects, Dictionary<string, TableEntity> rows, string mark, IReadOnlySet<string> ended)
    {
        var now = time.GetUtcNow();
        var changes = new List<TableTransactionAction>(subjects.Count);
        foreach (var subject in subjects)
        {
            var row = rows.GetValueOrDefault(subject.Row);
            var before = Read(row);
            var answer = before.Without(ended).Count(mark, now, subject.Limits);
            var change = ReferenceEquals(before, answer.Tally) ? [] : new[] { Change(domain, subject.Row, row, answer.Tally) };
            // Nobody is charged for a call that another's limit forbids; that the operator was told of it is kept.
            if (answer.Cap != TallyCap.None) return ([.. change], new TallyRefusal(subject.Kind, answer));
            changes.AddRange(change);
        }

        return (changes, null);
    }

    private async Task<Dictionary<string, TableEntity>> ReadAsync(string domain, IReadOnlyList<TallySubject> subjects, CancellationToken stop)
    {
        var found = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        if (subjects is [var only])
        {
            var row = await _table.GetEntityIfExistsAsync<TableEntity>(domain, only.Row, cancellationToken: stop);
            if (row.HasValue) found[only.Row] = row.Value!;
            return found;
        }

        var keys = string.Join(" or ", subjects.Select(s => TableClient.CreateQueryFilter($"RowKey eq {s.Row}")));
        var filter = $"{TableClient.CreateQueryFilter($"PartitionKey eq {domain}")} and ({keys})";
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: stop)) found[row.RowKey] = row;
        return found;
    }

    private async Task<bool> TryWriteAsync(List<TableTransactionAction> changes, CancellationToken stop)
    {
        try
        {
            await _table.SubmitTransactionAsync(changes, stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private static CallTally Read(TableEntity? row) =>
        row?.GetString("Tally") is { } json ? JsonSerializer.Deserialize(json, AppJson.Default.CallTally)! : CallTally.Empty;

    private static TableTransactionAction Change(string domain, string key, TableEntity? old, CallTally tally)
    {
        var row = new TableEntity(domain, key) { ["Tally"] = JsonSerializer.Serialize(tally, AppJson.Default.CallTally) };
        return old is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, old.ETag);
    }
}
