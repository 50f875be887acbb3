using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>POST /api/integration/v2/call-to-number</c>: rings the user's devices, then the number.</summary>
public sealed class CallToNumber(Authorizer authorizer, IDirectoryReader directory, CallToNumberHandler handler)
{
    [Function(nameof(CallToNumber))]
    [Operation(
        "Rings the user's devices, then the number.",
        Caller = CallerKind.PbxKey, Scope = ApiScopes.CallsWrite, Request = typeof(CallToNumberFields), Response = typeof(PbxCallReply), TakesForms = true, Refusals = [404, 422, 502])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/integration/v2/call-to-number")] HttpRequest request, CancellationToken stop)
    {
        var caller = await PbxCaller.AuthorizeAsync(authorizer, directory, request, ApiScopes.CallsWrite, stop);
        if (!caller.IsOk) return PbxAnswers.Failure(request, caller.Problem);
        var reply = await handler.HandleAsync(caller.Value, request, stop);
        return reply.IsOk ? Results.Json(reply.Value, PbxJson.Default.PbxCallReply) : PbxAnswers.Failure(request, reply.Problem);
    }
}
