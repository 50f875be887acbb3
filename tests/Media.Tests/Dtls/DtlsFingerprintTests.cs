using ClickToDial.Media.Dtls;

namespace ClickToDial.Media.Tests.Dtls;

/// <summary>RFC 8122 section 5.</summary>
public sealed class DtlsFingerprintTests
{
    private static readonly byte[] Certificate = [1, 2, 3];

    [Fact]
    public void What_is_written_is_read()
    {
        var own = DtlsFingerprint.Of(Certificate);
        Assert.True(DtlsFingerprint.TryParse(own.ToString(), out var read));
        Assert.True(read!.Matches(Certificate));
        Assert.False(read.Matches([1, 2, 4]));
        Assert.Equal(own.ToString(), read.ToString());
    }

    [Theory]
    [InlineData("SHA-256")]
    [InlineData("sha-384")]
    [InlineData("sha-512")]
    public void Stronger_hashes_and_either_case_are_taken(string name)
    {
        var digest = name.ToLowerInvariant() switch
        {
            "sha-256" => System.Security.Cryptography.SHA256.HashData(Certificate),
            "sha-384" => System.Security.Cryptography.SHA384.HashData(Certificate),
            _ => System.Security.Cryptography.SHA512.HashData(Certificate),
        };
        Assert.True(DtlsFingerprint.TryParse($"{name} {string.Join(':', digest.Select(octet => octet.ToString("x2")))}", out var read));
        Assert.True(read!.Matches(Certificate));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha-256")]
    [InlineData("sha-256 ")]
    [InlineData("sha-256 00:11")]
    [InlineData("sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33")]
    [InlineData("sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:GG")]
    [InlineData("sha-256 00-11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF")]
    public void Anything_else_is_refused(string text) => Assert.False(DtlsFingerprint.TryParse(text, out _));
}
