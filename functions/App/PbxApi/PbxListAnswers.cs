using System.Text.Json.Serialization.Metadata;
using ClickToDial.App.Access;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary>What the lists have in common: who asks, and the envelope of the answer.</summary>
public sealed class PbxListAnswers(Authorizer authorizer, IDirectoryReader directory)
{
    /// <param name="list">The rows that the caller asks for.</param>
    public async Task<IResult> AnswerAsync<T>(
        HttpRequest request, Func<PbxCaller, Task<Result<T[]>>> list, JsonTypeInfo<PbxRowsReply<T>> type, CancellationToken stop)
    {
        var caller = await PbxCaller.AuthorizeAsync(authorizer, directory, request, ApiScopes.CallsRead, stop);
        if (!caller.IsOk) return PbxAnswers.Failure(request, caller.Problem);
        var rows = await list(caller.Value);
        return rows.IsOk ? PbxAnswers.Rows(rows.Value, caller.Value.Domain.Zone, type) : PbxAnswers.Failure(request, rows.Problem);
    }
}
