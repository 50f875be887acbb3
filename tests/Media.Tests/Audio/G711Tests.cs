using ClickToDial.Media.Audio;

namespace ClickToDial.Media.Tests.Audio;

public sealed class G711Tests
{
    [Fact]
    public void Every_octet_survives_expansion_and_compression()
    {
        for (var code = 0; code < 256; code++)
        {
            Assert.Equal((byte)code, G711.EncodeALaw(G711.DecodeALaw((byte)code)));
            if (code != 0x7F) Assert.Equal((byte)code, G711.EncodeMuLaw(G711.DecodeMuLaw((byte)code))); // 0x7F is minus zero
        }
    }

    // ITU-T G.711 tables 1 and 2: the ends of the scale, and zero.
    [Theory]
    [InlineData(0x80, 32124)]
    [InlineData(0x00, -32124)]
    [InlineData(0xFF, 0)]
    [InlineData(0xFE, 8)]
    [InlineData(0x7E, -8)]
    public void Mu_law_has_the_values_of_the_recommendation(byte code, short sample) => Assert.Equal(sample, G711.DecodeMuLaw(code));

    [Theory]
    [InlineData(0xAA, 32256)]
    [InlineData(0x2A, -32256)]
    [InlineData(0xD5, 8)]
    [InlineData(0x55, -8)]
    public void A_law_has_the_values_of_the_recommendation(byte code, short sample) => Assert.Equal(sample, G711.DecodeALaw(code));

    [Fact]
    public void Error_stays_within_half_a_step()
    {
        for (var sample = -32000; sample <= 32000; sample += 7)
        {
            var bound = Math.Max(16, Math.Abs(sample) / 16);
            Assert.InRange(G711.DecodeMuLaw(G711.EncodeMuLaw((short)sample)) - sample, -bound, bound);
            Assert.InRange(G711.DecodeALaw(G711.EncodeALaw((short)sample)) - sample, -bound, bound);
        }
    }

    [Fact]
    public void Laws_convert_into_each_other_closely()
    {
        byte[] octets = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        G711.MuLawToALaw(octets);
        G711.ALawToMuLaw(octets);
        for (var code = 0; code < 256; code++)
        {
            var before = G711.DecodeMuLaw((byte)code);
            Assert.InRange(G711.DecodeMuLaw(octets[code]) - before, -Math.Max(16, Math.Abs(before) / 12), Math.Max(16, Math.Abs(before) / 12));
        }
    }
}
