using System.Text;
using System.Text.Json;

namespace ClickToDial.Core.Sessions;

/// <summary>
/// Reads session tokens, strictly: ES256 and nothing else, a key we know, our issuer and audience, within its times. Never throws
/// on a token. Claims are looked at only after the signature has been verified.
/// </summary>
public sealed class SessionTokenValidator(SigningKeyRing keys, string issuer, string audience, TimeSpan clockSkew)
{
    /// <summary>In characters; the largest token the writer can make is well below.</summary>
    public const int MaxLength = 4096;

    // 64 bytes of signature in base64url.
    private const int SignatureLength = 86;

    // 9999-12-31, the last second DateTimeOffset holds.
    private const long LastSecond = 253402300799;

    public (TokenVerdict Verdict, SessionClaims? Claims) Validate(string token, DateTimeOffset now)
    {
        if (token.Length > MaxLength) return (TokenVerdict.TooLarge, null);
        Span<Range> parts = stackalloc Range[4];
        if (token.AsSpan().Split(parts, '.') != 3) return (TokenVerdict.Malformed, null);
        var header = StrictBase64Url.Decode(token.AsSpan(parts[0]));
        var payload = StrictBase64Url.Decode(token.AsSpan(parts[1]));
        if (header is null || payload is null) return (TokenVerdict.Malformed, null);

        var verdict = FindKey(header, out var key);
        if (verdict != TokenVerdict.Valid) return (verdict, null);
        var signed = Encoding.ASCII.GetBytes(token, 0, parts[1].End.Value);
        if (!SignatureFits(token.AsSpan(parts[2]), signed, key!)) return (TokenVerdict.BadSignature, null);

        if (ReadClaims(payload) is not { } claims) return (TokenVerdict.Malformed, null);
        verdict = CheckClaims(claims, now);
        return (verdict, verdict == TokenVerdict.Valid ? claims : null);
    }

    private TokenVerdict CheckClaims(SessionClaims claims, DateTimeOffset now)
    {
        if (claims.Issuer != issuer) return TokenVerdict.WrongIssuer;
        if (claims.Audience != audience) return TokenVerdict.WrongAudience;
        // RFC 7519 section 4.1.4: not accepted on or after exp; the skew is for clocks that differ.
        if (now - clockSkew >= claims.Expires) return TokenVerdict.Expired;
        if (now + clockSkew < claims.NotBefore || now + clockSkew < claims.IssuedAt) return TokenVerdict.NotYetValid;
        return TokenVerdict.Valid;
    }

    private TokenVerdict FindKey(byte[] header, out SigningKey? key)
    {
        key = null;
        if (!TryObject(header, out var members)) return TokenVerdict.Malformed;
        if (Text(members, "alg") != "ES256" || members.TryGetProperty("crit", out _)) return TokenVerdict.WrongAlgorithm;
        if (Text(members, "kid") is not { } kid) return TokenVerdict.UnknownKey;
        key = keys.Find(kid);
        return key is null ? TokenVerdict.UnknownKey : TokenVerdict.Valid;
    }

    private static bool SignatureFits(ReadOnlySpan<char> text, byte[] signed, SigningKey key) =>
        text.Length == SignatureLength && StrictBase64Url.Decode(text) is { } signature && key.Verify(signed, signature);

    private static SessionClaims? ReadClaims(byte[] payload)
    {
        if (!TryObject(payload, out var members)) return null;
        if (Text(members, "iss") is not { } issuer || Text(members, "aud") is not { } audience) return null;
        if (Text(members, "jti") is not { } id || Text(members, "sub") is not { } user) return null;
        if (Text(members, "domain") is not { } domain || Number(members, "calls") is not (>= 1 and <= int.MaxValue and var calls)) return null;
        if (Time(members, "iat") is not { } issued || Time(members, "nbf") is not { } from || Time(members, "exp") is not { } to) return null;
        if (!TryTexts(members, "destinations", out var destinations) || !TryText(members, "origin", out var origin) || !TryFlag(members, "login", out var login)) return null;
        return new SessionClaims(issuer, audience, id, domain, user, (int)calls, issued, from, to, origin, destinations, login);
    }

    private static bool TryObject(byte[] json, out JsonElement members)
    {
        members = default;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            members = document.RootElement.Clone();
            return members.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Text(JsonElement members, string name) => TryText(members, name, out var text) ? text : null;

    private static bool TryText(JsonElement members, string name, out string? text)
    {
        text = null;
        return !members.TryGetProperty(name, out var value) || TryString(value, out text);
    }

    private static bool TryFlag(JsonElement members, string name, out bool flag)
    {
        flag = members.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True;
        return flag || value.ValueKind is JsonValueKind.Undefined or JsonValueKind.False;
    }

    private static bool TryTexts(JsonElement members, string name, out IReadOnlyList<string>? texts)
    {
        texts = null;
        if (!members.TryGetProperty(name, out var value)) return true;
        if (value.ValueKind is not JsonValueKind.Array) return false;
        var list = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (!TryString(item, out var text)) return false;
            list.Add(text!);
        }

        texts = list;
        return true;
    }

    private static bool TryString(JsonElement value, out string? text)
    {
        text = null;
        if (value.ValueKind is not JsonValueKind.String) return false;
        try
        {
            text = value.GetString();
            return text is not null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, escaped.
            return false;
        }
    }

    private static long? Number(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;

    private static DateTimeOffset? Time(JsonElement members, string name) =>
        Number(members, name) is (>= 0 and <= LastSecond and var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
