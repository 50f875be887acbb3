using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Tests.Srtp;

public sealed class SdesCryptoTests
{
    // RFC 4568 section 9.2, the example of an offer.
    private const string Example = "1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 FEC_ORDER=FEC_SRTP";

    [Fact]
    public void Key_lifetime_and_key_id_are_read()
    {
        Assert.Equal(SdesVerdict.Accepted, SdesCrypto.TryRead(Example.Replace(" FEC_ORDER=FEC_SRTP", "", StringComparison.Ordinal), out var crypto));
        using var line = crypto!;
        Assert.Equal(1, line.Tag);
        Assert.Equal(SrtpProfile.AesCm128HmacSha1Tag80, line.Profile);
        Assert.Equal(1UL << 20, line.Lifetime);
        Assert.Equal(new MasterKeyId(1, 4), line.KeyId);
        Assert.Equal(Convert.FromBase64String("WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"), line.Key.KeyAndSalt.ToArray());
    }

    [Theory]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY", SdesVerdict.Accepted)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_32 INLINE:KEY", SdesVerdict.Accepted)]
    [InlineData("999999999 AES_CM_128_HMAC_SHA1_80  inline:KEY ", SdesVerdict.Accepted)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|12345", SdesVerdict.Accepted)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|7:2", SdesVerdict.Accepted)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY WSH=60 -FUTURE=1", SdesVerdict.Accepted)]
    [InlineData("1 AEAD_AES_128_GCM inline:GCMKEY==", SdesVerdict.Accepted)]
    [InlineData("1 AEAD_AES_128_GCM inline:GCMKEY", SdesVerdict.Accepted)]
    [InlineData("1 AEAD_AES_128_GCM inline:KEY", SdesVerdict.WrongKeyLength)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:QUJD", SdesVerdict.WrongKeyLength)]
    [InlineData("1 F8_128_HMAC_SHA1_80 inline:KEY", SdesVerdict.UnknownSuite)]
    [InlineData("1 aes_cm_128_hmac_sha1_80 inline:KEY", SdesVerdict.UnknownSuite)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY;inline:KEY", SdesVerdict.UnsupportedKeys)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|1:9", SdesVerdict.UnsupportedKeys)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY UNENCRYPTED_SRTP", SdesVerdict.UnsupportedParameter)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY UNAUTHENTICATED_SRTP", SdesVerdict.UnsupportedParameter)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY KDR=4", SdesVerdict.UnsupportedParameter)]
    [InlineData("", SdesVerdict.Malformed)]
    [InlineData("x AES_CM_128_HMAC_SHA1_80 inline:KEY", SdesVerdict.Malformed)]
    [InlineData("1234567890 AES_CM_128_HMAC_SHA1_80 inline:KEY", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 uri:KEY", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:****", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|0", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^49", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|1:4|2^20", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20|2^20", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|256:1", SdesVerdict.Malformed)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:KEY|1:0", SdesVerdict.Malformed)]
    public void Each_line_has_its_verdict(string value, SdesVerdict expected)
    {
        var line = value
            .Replace("GCMKEY", Convert.ToBase64String(new byte[28]).TrimEnd('='), StringComparison.Ordinal)
            .Replace("KEY", Convert.ToBase64String(new byte[30]), StringComparison.Ordinal);
        Assert.Equal(expected, SdesCrypto.TryRead(line, out var crypto));
        Assert.Equal(expected == SdesVerdict.Accepted, crypto is not null);
        crypto?.Dispose();
    }

    [Fact]
    public void The_example_of_the_rfc_is_refused_because_of_its_error_correction() =>
        Assert.Equal(SdesVerdict.UnsupportedParameter, SdesCrypto.TryRead(Example, out _));

    [Fact]
    public void A_line_longer_than_any_honest_one_is_not_read() =>
        Assert.Equal(SdesVerdict.Malformed, SdesCrypto.TryRead(new string('1', SdesCrypto.MaxLength + 1), out _));

    [Theory]
    [InlineData(SrtpProfile.AesCm128HmacSha1Tag80, false)]
    [InlineData(SrtpProfile.AesCm128HmacSha1Tag32, true)]
    [InlineData(SrtpProfile.AeadAes128Gcm, true)]
    public void What_is_written_reads_back_the_same(SrtpProfile profile, bool withMore)
    {
        using var crypto = new SdesCrypto(
            3, SrtpKey.Generate(profile, new Random(1).NextBytes), withMore ? new MasterKeyId(258, 2) : null, withMore ? 1UL << 31 : null);
        var text = Written(crypto);
        Assert.Equal(SdesVerdict.Accepted, SdesCrypto.TryRead(text, out var read));
        using var again = read!;
        Assert.Equal((crypto.Tag, crypto.Profile, crypto.KeyId, crypto.Lifetime), (again.Tag, again.Profile, again.KeyId, again.Lifetime));
        Assert.Equal(crypto.Key.KeyAndSalt.ToArray(), again.Key.KeyAndSalt.ToArray());
    }

    [Fact]
    public void Writing_into_too_little_room_fails_at_every_length()
    {
        using var crypto = new SdesCrypto(1, SrtpKey.Generate(SrtpProfile.AeadAes128Gcm, new Random(1).NextBytes), new MasterKeyId(1, 1), 99);
        var length = Written(crypto).Length;
        for (var room = 0; room < length; room++) Assert.False(crypto.TryWrite(new char[room], out _));
    }

    [Fact]
    public void Nothing_that_is_printed_shows_the_key()
    {
        using var crypto = new SdesCrypto(1, SrtpKey.Generate(SrtpProfile.AeadAes128Gcm, new Random(1).NextBytes));
        var secret = Convert.ToBase64String(crypto.Key.KeyAndSalt);
        Assert.DoesNotContain(secret, $"{crypto} {crypto.Key}", StringComparison.Ordinal);
        Assert.Equal("***", crypto.Key.ToString());
    }

    [Fact]
    public void A_disposed_line_has_wiped_its_key()
    {
        var crypto = new SdesCrypto(1, SrtpKey.Generate(SrtpProfile.AeadAes128Gcm, new Random(1).NextBytes));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(crypto.Key.Memory, out var octets));
        Assert.Contains(octets, octet => octet != 0);
        crypto.Dispose();
        Assert.All(octets, octet => Assert.Equal(0, octet));
    }

    internal static string Written(SdesCrypto crypto)
    {
        var text = new char[256];
        Assert.True(crypto.TryWrite(text, out var written));
        return new string(text, 0, written);
    }
}
