using ClickToDial.Core.Hooks;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Hooks;

/// <summary>Lets in what is signed: as Standard Webhooks say, or as Web Call Server does where that is configured.</summary>
public sealed class HookGate(HookOptions options, TimeProvider time)
{
    private readonly IReadOnlyList<byte[]> _secrets = options.ReadSecrets();
    private readonly IReadOnlyList<byte[]> _wcsKeys = options.ReadWcsKeys();

    public Problem? Check(HttpRequest request, ReadOnlySpan<byte> body)
    {
        var headers = request.Headers;
        var isOurs = StandardWebhook.Verifies(
            _secrets, headers[StandardWebhook.IdHeader], headers[StandardWebhook.TimestampHeader], headers[StandardWebhook.SignatureHeader], body, time.GetUtcNow());
        return isOurs || HookSignature.VerifiesWcs(_wcsKeys, headers.Authorization, body) ? null : KnownProblems.HookSignatureInvalid;
    }
}
