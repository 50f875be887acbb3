using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Directory;

/// <summary>Whether the media of a device or trunk is protected by SRTP, with keys in the signalling (RFC 4568).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MediaProtection>))]
public enum MediaProtection
{
    /// <summary>Plain RTP; keys that the peer offers are not taken.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Offered beside plain RTP (RFC 8643).</summary>
    [JsonStringEnumMemberName("optional")] Optional,

    /// <summary>No media without it.</summary>
    [JsonStringEnumMemberName("required")] Required,
}
