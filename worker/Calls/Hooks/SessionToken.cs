using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace ClickToDial.Calls.Hooks;

/// <summary>What a session token says (RFC 7519). Times are whole seconds.</summary>
internal sealed record TokenClaims(
    string Issuer,
    string Audience,
    string TokenId,
    string Domain,
    string User,
    int Calls,
    DateTimeOffset IssuedAt,
    DateTimeOffset NotBefore,
    DateTimeOffset Expires,
    string? Origin,
    IReadOnlyList<string>? Destinations);

/// <summary>
/// A session token taken apart: JWS in compact form (RFC 7515 section 7.1), ES256 and nothing else. Nothing in it is to be believed
/// before <see cref="SessionKeys"/> has verified the signature.
/// </summary>
internal sealed record SessionToken(string KeyId, byte[] Signed, byte[] Signature, byte[] Payload)
{
    /// <summary>In characters; the largest token that the functions make is well below.</summary>
    public const int MaxLength = 4096;

    private const int SignatureLength = 64; // R and S of P-256 (RFC 7518 section 3.4)

    // 9999-12-31, the last second that DateTimeOffset holds.
    private const long LastSecond = 253402300799;

    /// <summary>Null when it is not three parts in base64url, or wants another algorithm or an extension that we do not know.</summary>
    public static SessionToken? TryParse(string text)
    {
        if (text.Length > MaxLength) return null;
        Span<Range> parts = stackalloc Range[4];
        if (text.AsSpan().Split(parts, '.') != 3) return null;
        var (header, payload, signature) = (Decode(text.AsSpan(parts[0])), Decode(text.AsSpan(parts[1])), Decode(text.AsSpan(parts[2])));
        if (header is null || payload is null || signature is not { Length: SignatureLength }) return null;
        if (Read(header) is not { } members || Text(members, "alg") != "ES256" || members.TryGetProperty("crit", out _)) return null;
        return Text(members, "kid") is { } key
            ? new SessionToken(key, Encoding.ASCII.GetBytes(text, 0, parts[1].End.Value), signature, payload)
            : null;
    }

    /// <summary>Null when a claim that we need is missing or has a wrong form.</summary>
    public TokenClaims? Claims()
    {
        if (Read(Payload) is not { } members || Text(members, "iss") is not { } issuer || Text(members, "aud") is not { } audience) return null;
        if (Text(members, "jti") is not { } id || Text(members, "sub") is not { } user || Text(members, "domain") is not { } domain) return null;
        if (Number(members, "calls") is not (>= 1 and <= int.MaxValue and var calls)) return null;
        if (Time(members, "iat") is not { } issued || Time(members, "nbf") is not { } from || Time(members, "exp") is not { } to) return null;
        var hasOrigin = members.TryGetProperty("origin", out _);
        var origin = Text(members, "origin");
        if (hasOrigin && origin is null) return null;
        IReadOnlyList<string>? destinations = null;
        if (members.TryGetProperty("destinations", out var list) && (destinations = Texts(list)) is null) return null;
        return new TokenClaims(issuer, audience, id, domain, user, (int)calls, issued, from, to, origin, destinations);
    }

    internal static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length % 4 == 1 || text.ContainsAny("= \t\r\n")) return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done) return null;
        // One spelling for each value: the last character's unused bits are zero.
        return text.SequenceEqual(Base64Url.EncodeToString(bytes.AsSpan(0, written))) ? bytes[..written] : null;
    }

    private static JsonElement? Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement members, string name) => members.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // A lone surrogate, escaped.
        }
    }

    private static List<string>? Texts(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.Array) return null;
        var list = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (Text(item) is not { } text) return null;
            list.Add(text);
        }
        return list;
    }

    private static long? Number(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static DateTimeOffset? Time(JsonElement members, string name) =>
        Number(members, name) is (>= 0 and <= LastSecond and var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
