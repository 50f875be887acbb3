using ClickToDial.App.Calls;
using ClickToDial.Core;
using ClickToDial.Core.Calls;
using ClickToDial.Core.PbxApi;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary>
/// Begins a call for clients that know no idempotency keys: without one every request is a call of its own, with one it is as with
/// <c>POST /api/calls</c>.
/// </summary>
public sealed class CallToNumberHandler(Originator originator, IRandomSource random)
{
    public async Task<Result<PbxCallReply>> HandleAsync(PbxCaller caller, HttpRequest request, CancellationToken stop)
    {
        var key = Key(request.Headers["Idempotency-Key"]);
        if (!key.IsOk) return key.Problem;
        var fields = await CallToNumberBody.ReadAsync(request, stop);
        if (!fields.IsOk) return fields.Problem;
        var call = CallToNumberRequest.Read(name => fields.Value.GetValueOrDefault(name), caller.Domain);
        if (!call.IsOk) return call.Problem;
        var originated = await originator.OriginateAsync(caller.Principal, call.Value, key.Value.MarkFor(caller.Principal), stop);
        if (!originated.IsOk) return originated.Problem;
        var (id, command) = (originated.Value.Call.CallId.Value, originated.Value.Call.Command);
        var name = caller.DisplayName(command.User) ?? command.User;
        return new PbxCallReply(
            "success", new PbxCallMessage("success"), 200,
            new PbxCallData(
                id, id, name, command.User, command.CallerId ?? caller.Domain.Users.GetValueOrDefault(command.User), command.Destination,
                command.User, command.Destination, "success"));
    }

    private Result<IdempotencyKey> Key(string? header)
    {
        if (!string.IsNullOrEmpty(header)) return IdempotencyKey.Read(header);
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        return new IdempotencyKey(Convert.ToHexStringLower(bytes));
    }
}
