using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Hooks;

/// <summary>Signs the bodies of hook requests, so that a back end knows whom it answers (F8).</summary>
internal static class HookSigner
{
    private const string SecretPrefix = "whsec_";

    /// <summary>A secret is <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public static bool TryReadSecret(string? text, out byte[] key)
    {
        key = [];
        if (text is null || text.Length > 128 || !text.StartsWith(SecretPrefix, StringComparison.Ordinal)) return false;
        var bytes = new byte[96];
        if (!Convert.TryFromBase64Chars(text.AsSpan(SecretPrefix.Length), bytes, out var length) || length is < 24 or > 64) return false;
        key = bytes[..length];
        return true;
    }

    public static void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, HookTarget target, DateTimeOffset now)
    {
        if (target.Signing == HookSigning.Wcs) SignWcs(request.Headers, body, target.Key);
        else if (target.Signing == HookSigning.StandardWebhooks) SignStandard(request.Headers, body, target.Key, now);
    }

    /// <summary>Standard Webhooks 1.0, scheme v1: HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
    private static void SignStandard(HttpRequestHeaders headers, ReadOnlySpan<byte> body, string? secret, DateTimeOffset now)
    {
        if (!TryReadSecret(secret, out var key)) return;
        var id = "hook_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] content = [.. Encoding.ASCII.GetBytes($"{id}.{time}."), .. body];
        headers.Add("webhook-id", id);
        headers.Add("webhook-timestamp", time);
        headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content)));
    }

    private static void SignWcs(HttpRequestHeaders headers, ReadOnlySpan<byte> body, string? secret)
    {
#pragma warning disable CA5351 // The other product's form, for back ends that know no other.
        var mac = HMACMD5.HashData(Encoding.UTF8.GetBytes(secret ?? ""), body);
#pragma warning restore CA5351
        headers.TryAddWithoutValidation("Authorization", "WCS " + Convert.ToHexStringLower(mac));
    }
}
