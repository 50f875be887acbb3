using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary>Reads what an originate request says.</summary>
public sealed class OriginateRequestHandler(Originator originator)
{
    public async Task<Result<Originated>> HandleAsync(Principal principal, string? idempotencyKey, byte[] body, CancellationToken stop)
    {
        var key = IdempotencyKey.Read(idempotencyKey);
        if (!key.IsOk) return key.Problem;
        var request = CallRequest.Read(body, principal.OnlyUser);
        if (!request.IsOk) return request.Problem;
        return await originator.OriginateAsync(principal, request.Value, key.Value.MarkFor(principal), stop);
    }
}
