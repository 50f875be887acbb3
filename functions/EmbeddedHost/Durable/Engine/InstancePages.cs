using ClickToDial.EmbeddedHost.Durable.Client;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>The answer to a query, fetched while it is read.</summary>
internal sealed class InstancePages(InstanceReader reader, OrchestrationQuery query) : AsyncPageable<OrchestrationMetadata>
{
    public override IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = default, int? pageSizeHint = default) =>
        reader.QueryAsync(query with
        {
            ContinuationToken = continuationToken ?? query.ContinuationToken,
            PageSize = pageSizeHint ?? query.PageSize,
        });
}
