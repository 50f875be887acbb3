namespace ClickToDial.Media.Srtp;

/// <summary>Cipher and authentication of a session (RFC 4568 section 6.2, RFC 7714 section 12).</summary>
public enum SrtpProfile
{
    /// <summary>AES counter mode with an 80-bit HMAC-SHA1 tag: what every implementation has.</summary>
    AesCm128HmacSha1Tag80,

    /// <summary>The same with a 32-bit tag on RTP; RTCP keeps 80 bits (RFC 4568 section 6.2.2).</summary>
    AesCm128HmacSha1Tag32,

    /// <summary>AES-GCM with a 128-bit tag (RFC 7714).</summary>
    AeadAes128Gcm,
}

/// <summary>The lengths and names that go with a profile. Lengths are octets.</summary>
public static class SrtpProfiles
{
    /// <summary>Of the master key, in every profile here.</summary>
    public const int KeyLength = 16;

    /// <summary>Strongest first; what is offered unless somebody asks otherwise.</summary>
    public static IReadOnlyList<SrtpProfile> Preferred { get; } =
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.AesCm128HmacSha1Tag80, SrtpProfile.AesCm128HmacSha1Tag32];

    /// <summary>The profile of a crypto-suite name in SDP; names are case-sensitive tokens there.</summary>
    public static SrtpProfile? FromSuite(ReadOnlySpan<char> name) => name switch
    {
        "AES_CM_128_HMAC_SHA1_80" => SrtpProfile.AesCm128HmacSha1Tag80,
        "AES_CM_128_HMAC_SHA1_32" => SrtpProfile.AesCm128HmacSha1Tag32,
        "AEAD_AES_128_GCM" => SrtpProfile.AeadAes128Gcm,
        _ => null,
    };

    extension(SrtpProfile profile)
    {
        /// <summary>The crypto-suite name in SDP.</summary>
        public string Suite => profile switch
        {
            SrtpProfile.AesCm128HmacSha1Tag80 => "AES_CM_128_HMAC_SHA1_80",
            SrtpProfile.AesCm128HmacSha1Tag32 => "AES_CM_128_HMAC_SHA1_32",
            _ => "AEAD_AES_128_GCM",
        };

        public bool IsAead => profile == SrtpProfile.AeadAes128Gcm;

        public int SaltLength => profile.IsAead ? 12 : 14;

        /// <summary>Master key followed by master salt.</summary>
        public int KeyAndSaltLength => KeyLength + profile.SaltLength;

        public int RtpTagLength => profile switch
        {
            SrtpProfile.AesCm128HmacSha1Tag80 => 10,
            SrtpProfile.AesCm128HmacSha1Tag32 => 4,
            _ => 16,
        };

        public int RtcpTagLength => profile.IsAead ? 16 : 10;
    }
}
