using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Storage;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Describes instances to clients.</summary>
internal sealed class InstanceReader(DurableStorage storage, IOptions<JsonSerializerOptions> json)
{
    private readonly string _process = Guid.NewGuid().ToString("N")[..8];
    private long _messages;

    /// <summary>Unique, and in the order of asking within this process.</summary>
    public string NextMessageName() => string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _messages):x12}-{_process}");

    public async Task<OrchestrationMetadata> DescribeAsync(InstanceState state, bool payloads, CancellationToken cancel)
    {
        var (input, output) = payloads ? await PayloadsAsync(state, cancel) : (null, null);
        return new OrchestrationMetadata(state.Name, state.InstanceId)
        {
            CreatedAt = state.CreatedAt,
            LastUpdatedAt = state.UpdatedAt,
            RuntimeStatus = state.Status,
            FailureDetails = state.Failure,
            SerializedInput = input,
            SerializedOutput = output,
            SerializedCustomStatus = payloads ? state.CustomStatus : null,
            Tags = state.Tags ?? ImmutableDictionary<string, string>.Empty,
            Json = json.Value,
            HasInputsAndOutputs = payloads,
        };
    }

    /// <summary>Pages of the instances that a query wants.</summary>
    public async IAsyncEnumerable<Page<OrchestrationMetadata>> QueryAsync(
        OrchestrationQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        await storage.EnsureReadyAsync(cancel);
        var size = Math.Clamp(query.PageSize, 1, 1000);
        await foreach (var (states, next) in storage.Instances.QueryAsync(Filter(query), size, query.ContinuationToken, cancel))
        {
            var found = new List<OrchestrationMetadata>(states.Count);
            foreach (var state in states) found.Add(await DescribeAsync(state, query.FetchInputsAndOutputs, cancel));
            yield return new Page<OrchestrationMetadata>(found, next);
        }
    }

    private static string Filter(OrchestrationQuery query)
    {
        var filter = new StringBuilder(TableClient.CreateQueryFilter($"RowKey eq {DurableKeys.State}"));
        void And(FormattableString part) => filter.Append(" and ").Append(TableClient.CreateQueryFilter(part));
        if (query.CreatedFrom is { } from) And($"CreatedAt ge {from}");
        if (query.CreatedTo is { } to) And($"CreatedAt le {to}");
        if (query.InstanceIdPrefix is { Length: > 0 } prefix)
        {
            var first = DurableKeys.Escape(prefix);
            And($"PartitionKey ge {first} and PartitionKey lt {first + '\uffff'}");
        }
        if (query.Statuses?.ToList() is { Count: > 0 } statuses)
            filter.Append(" and (").AppendJoin(" or ", statuses.Select(s => TableClient.CreateQueryFilter($"Status eq {s.ToString()}"))).Append(')');
        return filter.ToString();
    }

    private async Task<(string? Input, string? Output)> PayloadsAsync(InstanceState state, CancellationToken cancel)
    {
        if (!state.InputElsewhere && !state.OutputElsewhere) return (state.Input, state.Output);
        var stored = await storage.Instances.LoadAsync(state.InstanceId, cancel);
        return stored is null
            ? (null, null)
            : (Payloads.Input(stored.State, stored.Turns, stored.Inbox), Payloads.Output(stored.State, stored.Turns));
    }
}
