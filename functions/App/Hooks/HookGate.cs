using ClickToDial.Core.Hooks;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Hooks;

/// <summary>Lets in what is signed: as Standard Webhooks say, or as Web Call Server does where that is configured.</summary>
public sealed class HookGate(HookOptions options, TimeProvider time)
{
    private volatile IReadOnlyList<byte[]> _secrets = options.ReadSecrets();
    private volatile IReadOnlyList<byte[]> _wcsKeys = options.ReadWcsKeys();

    /// <summary>Other secrets from now on.</summary>
    public void Replace(HookOptions now) => (_secrets, _wcsKeys) = (now.ReadSecrets(), now.ReadWcsKeys());

    public Problem? Check(HttpRequest request, ReadOnlySpan<byte> body)
    {
        var headers = request.Headers;
        var isOurs = StandardWebhook.Verifies(
            _secrets, headers[StandardWebhook.IdHeader], headers[StandardWebhook.TimestampHeader], headers[StandardWebhook.SignatureHeader], body, time.GetUtcNow());
        return isOurs || HookSignature.VerifiesWcs(_wcsKeys, headers.Authorization, body) ? null : KnownProblems.HookSignatureInvalid;
    }
}
