namespace ClickToDial.Media.Tests.Srtp;

/// <summary>The published vectors, against the independent implementation that libsrtp is compared with.</summary>
public sealed class ReferenceSrtpTests
{
    private static readonly byte[] GcmKey = Hex("000102030405060708090a0b0c0d0e0f");
    private static readonly byte[] GcmSalt = Hex("517569642070726f2071756f");

    [Fact(DisplayName = "RFC 3711 B.2: the key stream of AES counter mode")]
    public void Counter_mode_gives_the_published_key_stream()
    {
        var stream = ReferenceSrtp.KeyStream(Hex("2B7E151628AED2A6ABF7158809CF4F3C"), Hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), 0xFF02 * 16);
        Assert.Equal(Hex("E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0"), stream[..48]);
        Assert.Equal(Hex("EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374FBEB4C81B17BA6C44"), stream[^48..]);
    }

    [Theory(DisplayName = "RFC 3711 B.3: session keys from a master key")]
    [InlineData(0, "C61E7A93744F39EE10734AFE3FF7A087")]
    [InlineData(2, "30CBBC08863D8C85D49DB34A9AE1")]
    [InlineData(1, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2")]
    public void Derivation_gives_the_published_session_keys(byte label, string expected) =>
        Assert.Equal(Hex(expected), ReferenceSrtp.Derive(Hex("E1F97A0D3E018BE0D64FA32C06DE4139"), Hex("0EC675AD498AFEEBB6960B3AABE6"), label, expected.Length / 2));

    [Fact(DisplayName = "RFC 7714 16.1.1: an RTP packet under AEAD_AES_128_GCM")]
    public void Gcm_gives_the_published_rtp_packet()
    {
        var header = Hex("8040f17b8041f8d35501a0b2");
        var payload = Hex("47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573");
        var expected = Hex("f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
        Assert.Equal(expected, ReferenceSrtp.SealGcm(GcmKey, GcmSalt, header, payload, 0x5501a0b2, 0, 0xf17b));
    }

    [Fact(DisplayName = "RFC 7714 17.1: an RTCP datagram under AEAD_AES_128_GCM")]
    public void Gcm_gives_the_published_rtcp_datagram()
    {
        var datagram = Hex("81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
        var expected = Hex("81c8000d4d617273 63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade 800005d4");
        Assert.Equal(expected, ReferenceSrtp.SealGcmRtcp(GcmKey, GcmSalt, datagram, 0x5d4));
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
