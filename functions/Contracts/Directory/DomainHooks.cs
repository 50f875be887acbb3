using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Directory;

/// <summary>A back end of the domain's own that is asked before a browser may do something, and told what came of it.</summary>
/// <param name="Url">Where to, without the method's name; null where only the functions are asked.</param>
/// <param name="Secret">What requests to it are signed with.</param>
/// <param name="Incoming">It is also asked about calls from outside (<c>OnCallEvent</c>).</param>
/// <param name="TimeoutSeconds">Longest wait for an answer, 1 to 30; null for the worker's own limit.</param>
public sealed record DomainHooks(
    string? Url = null, string? Secret = null, HookSigning Signing = HookSigning.StandardWebhooks, bool Incoming = false, int? TimeoutSeconds = null);

/// <summary>How hook requests are signed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HookSigning>))]
public enum HookSigning
{
    /// <summary>HMAC-SHA256 over id, time and body, in the headers of Standard Webhooks; the secret is <c>whsec_</c> and base64.</summary>
    [JsonStringEnumMemberName("standard-webhooks")] StandardWebhooks,

    /// <summary><c>Authorization: WCS</c> and the HMAC-MD5 of the body in hex, as Web Call Server does; the secret is any text.</summary>
    [JsonStringEnumMemberName("wcs")] Wcs,

    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")] None,
}
